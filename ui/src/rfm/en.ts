export default { title: "Customer value" };
