export default { title: "Group portrait" };
