export default {
  title: "短链接与二维码",
};
