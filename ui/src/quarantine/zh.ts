export default {
  title: "隔离区",
};
