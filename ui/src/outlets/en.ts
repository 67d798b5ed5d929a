export default {
  title: "Outlets and heat",
};
