export default {
  title: "分群",
  build: "用户筛选器",
};
