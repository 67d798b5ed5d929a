export default { title: "客户价值" };
