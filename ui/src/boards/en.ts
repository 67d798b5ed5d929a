export default { title: "Dashboards" };
