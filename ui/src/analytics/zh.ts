export default { title: "分析" };
