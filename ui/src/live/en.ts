export default {
  title: "Live",
};
