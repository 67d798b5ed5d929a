export default { title: "Life cycle" };
