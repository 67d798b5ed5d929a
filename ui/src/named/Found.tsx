import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "../api/problem";
import { Answer, Empty } from "../shell/Told";

interface Shown<T> {
  of: { data: T | undefined; error: unknown; refetch: () => unknown };
  absent: string;
  /** Why that may be; it may have been deleted. */
  next?: string;
  /** Where all of them are, and what that is called. */
  all: [path: string, label: string];
  children: (one: T) => ReactNode;
}

/** One thing that has a name, or that it is not there. */
export function Found<T>({ of, absent, next, all: [path, label], children }: Shown<T>) {
  const { t } = useTranslation();
  if (!(of.error instanceof Problem && of.error.status === 404)) {
    return <Answer of={of}>{children}</Answer>;
  }
  return (
    <div className="panel">
      <Empty
        title={absent}
        next={next ?? t("named.absent_next")}
        action={<Link to={path as never}>{label}</Link>}
      />
    </div>
  );
}
