export default {
  scores: "评分",
  tiers: "分层",
  groups: "分组",
};
