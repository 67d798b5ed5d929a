export default {
  title: "Discovered groups",
};
