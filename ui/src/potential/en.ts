export default {
  title: "Prospects",
};
