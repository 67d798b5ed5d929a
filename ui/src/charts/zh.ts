export default { form: "图或数字", chart: "看图", numbers: "看数字" };
