export default { title: "群体画像" };
