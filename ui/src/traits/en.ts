export default { title: "Traits" };
