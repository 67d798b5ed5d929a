export default {
  title: "Quarantine",
};
