export default {
  title: "埋点方案",
};
