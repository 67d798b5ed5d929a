import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { api, told } from "../api/client";
import type { Edited } from "./setting";

/** Sources of this pool. */
function useSources(wanted: boolean) {
  return useQuery({
    queryKey: ["sources", "activity"],
    queryFn: () => told(api.GET("/api/sources/activity")),
    enabled: wanted,
  });
}

/** Any number of words; those that are known are offered. */
export function Tagged({ label, schema, value, change }: Edited<string[]>) {
  const { data } = useSources(schema.format === "sources");
  const options = (data?.items ?? []).map(({ name }) => ({ value: name, label: name }));
  return (
    <Select<string[]>
      mode="tags"
      aria-label={label}
      placeholder={label}
      value={value}
      options={options}
      maxCount={schema.maxItems}
      tokenSeparators={[",", "，"]}
      onChange={change}
    />
  );
}
