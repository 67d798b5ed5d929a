export default { title: "行业模板" };
