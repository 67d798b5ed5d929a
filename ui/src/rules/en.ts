export default {
  title: "Temperature rules",
};
