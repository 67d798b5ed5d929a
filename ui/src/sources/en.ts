export default {
  title: "Sources",
};
