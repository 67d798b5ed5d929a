export default {
  title: "实时",
};
