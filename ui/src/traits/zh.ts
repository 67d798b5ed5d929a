export default { title: "属性" };
