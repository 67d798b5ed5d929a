export default {
  title: "来源",
};
