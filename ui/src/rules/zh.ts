export default {
  title: "温度规则",
};
