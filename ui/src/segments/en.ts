export default {
  build: "Segment builder",
};
