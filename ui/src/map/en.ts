export default {
  title: "Heat map",
};
