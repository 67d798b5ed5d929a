export default {
  title: "Tracking plan",
};
