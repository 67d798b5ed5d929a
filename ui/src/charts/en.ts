export default { form: "Chart or numbers", chart: "Chart", numbers: "Numbers" };
