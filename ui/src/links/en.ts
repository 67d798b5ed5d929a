export default {
  title: "Links and QR codes",
};
