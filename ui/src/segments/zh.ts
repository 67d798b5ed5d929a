export default {
  build: "用户筛选器",
};
