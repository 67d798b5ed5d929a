export default { title: "Analyses" };
