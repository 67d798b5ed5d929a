export default {
  title: "网点与热度",
};
