export default {
  title: "Segments",
  build: "Segment builder",
};
