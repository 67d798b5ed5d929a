export default {
  title: "热力地图",
};
