export default {
  title: "Potential customers",
};
