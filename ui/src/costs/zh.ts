export default {
  title: "费用",
};
