export default { title: "生命周期" };
