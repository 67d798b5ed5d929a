export default {
  title: "Live events",
};
