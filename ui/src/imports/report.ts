import type { components } from "../api/schema";

export type ImportJob = components["schemas"]["ImportJob"];

export interface Quality {
  column: string;
  field: string;
  missing: number;
  invalid: number;
  out_of_range: number;
  outliers: number;
  future: number;
}

/** What an import tells of itself once it is over; each member may be absent. */
export interface Report {
  rows?: number;
  events?: number;
  new_events?: number;
  profiles?: number;
  duplicate_rows?: number;
  rejected?: Record<string, number>;
  money?: Record<string, { revenue: string; refunds: string }>;
  earliest_ms?: number | null;
  latest_ms?: number | null;
  columns?: Quality[];
  without?: string[];
  dry_run?: boolean;
  error?: string;
}

export function reportOf(job: ImportJob): Report {
  return (job.report ?? {}) as Report;
}

/** What an import has in its job beside what every job has. */
export function aboutOf(job: ImportJob) {
  const { name, preset, by, started_at } = job as unknown as Record<string, string | undefined>;
  return { name: name ?? "", preset: preset ?? "", by: by ?? "", at: started_at ?? "" };
}

/** Rows that were not taken in, whatever the reason. */
export function rejectedOf(report: Report): number {
  return Object.values(report.rejected ?? {}).reduce((sum, rows) => sum + rows, 0);
}

/** What is wrong with a column in all. */
export function faultsOf(one: Quality): number {
  return one.invalid + one.out_of_range + one.outliers + one.future;
}

/** The view of the map in which what came in is seen: coordinates may lie anywhere in the world. */
export function viewOf({ columns = [] }: Report): { who: "all"; at?: string } {
  const anywhere = columns.some(({ field }) => field === "longitude");
  return anywhere ? { who: "all", at: "10,20,1.3" } : { who: "all" };
}
