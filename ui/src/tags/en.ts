export default { title: "Tags" };
