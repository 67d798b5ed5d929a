export default {
  title: "自动分群",
};
