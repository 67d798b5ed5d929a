export default {
  title: "Outlets and heat",
  as_of: "As of {{at}}",
  level: "How large the areas are",
  levels: { province: "Provinces", city: "Cities", district: "Districts" },
  quadrant: "Heat and service",
  all: "All",
  quadrants: {
    hot_served: "Hot, well served",
    hot_thin: "Hot, thinly served",
    cold_served: "Cold, well served",
    cold_thin: "Cold, thinly served",
  },
  area: "Area",
  profiles: "Profiles",
  mean: "Mean",
  outlets: "Outlets",
  service: "Service per thousand",
  suggestion: "What it suggests, and why",
  because: "mean {{mean}} (line {{mean_line}}), service {{service}} (line {{service_line}})",
  none: "There are no outlets in these areas",
  none_next:
    "Import a list with name, longitude and latitude: hotspring outlet import outlets.csv --datum gcj02. Help tells more.",
};
