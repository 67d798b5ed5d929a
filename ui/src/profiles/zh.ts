export default {
  title: "用户",
  one: "用户详情",
};
