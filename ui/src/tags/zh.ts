export default { title: "标签" };
