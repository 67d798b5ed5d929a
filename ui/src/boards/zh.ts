export default { title: "看板" };
