export default {
  title: "潜客",
};
