export default { title: "Industry templates" };
