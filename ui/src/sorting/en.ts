export default {
  scores: "Scores",
  tiers: "Tiers",
  groups: "Groups",
};
