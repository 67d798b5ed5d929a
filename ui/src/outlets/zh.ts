export default {
  title: "网点与热度",
  as_of: "截至 {{at}}",
  level: "地区的大小",
  levels: { province: "省份", city: "城市", district: "区县" },
  quadrant: "热度与服务",
  all: "全部",
  quadrants: {
    hot_served: "热，服务充足",
    hot_thin: "热，服务不足",
    cold_served: "冷，服务充足",
    cold_thin: "冷，服务不足",
  },
  area: "地区",
  profiles: "用户数",
  mean: "平均温度",
  outlets: "网点",
  service: "每千人服务能力",
  suggestion: "建议与依据",
  because: "平均 {{mean}}（分界 {{mean_line}}），服务 {{service}}（分界 {{service_line}}）",
  none: "这些地区里还没有网点",
  none_next:
    "导入一份含名称、经度、纬度的清单：hotspring outlet import outlets.csv --datum gcj02。详见说明。",
};
