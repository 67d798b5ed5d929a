export default {
  title: "实时事件",
};
