export default {
  title: "Profiles",
  one: "Profile",
};
