export default {
  title: "Costs",
};
