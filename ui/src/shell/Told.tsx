import { Alert, Button, Empty as Picture, Skeleton } from "antd";
import { Component, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "../api/problem";
import { Said } from "../refusals/Said";

/** Nothing is here yet: why, and what to do next. */
export function Empty({
  title,
  next,
  action,
}: {
  title: string;
  next: string;
  action?: ReactNode;
}) {
  return (
    <div className="empty">
      <Picture image={Picture.PRESENTED_IMAGE_SIMPLE} description={<b>{title}</b>} />
      <p>{next}</p>
      {action}
    </div>
  );
}

/** Something could not be done: what, and what to do about it. */
export function Failure({ error, again }: { error: unknown; again?: () => void }) {
  const { t } = useTranslation();
  return (
    <Alert
      type="error"
      showIcon
      title={headline(t, error)}
      description={
        error instanceof Problem && error.status !== 0 && error.detail ? (
          <Said text={error.detail} />
        ) : undefined
      }
      action={again && <Button onClick={again}>{t("shell.again")}</Button>}
    />
  );
}

function headline(t: (key: string) => string, error: unknown): string {
  if (!(error instanceof Problem)) return t("shell.failed.page");
  if (error.status === 0) return t("shell.failed.offline");
  if (error.status === 403) return t("shell.failed.forbidden");
  if (error.status === 404) return t("shell.failed.absent");
  if (error.status === 409) return t("shell.failed.conflict");
  if (error.status === 429) return t("shell.failed.often");
  if (error.status === 503) return t("shell.failed.busy");
  return t(error.status >= 500 ? "shell.failed.server" : "shell.failed.refused");
}

interface Asked<T> {
  data: T | undefined;
  error: unknown;
  refetch: () => unknown;
}

/** The answer to a question, or that it is awaited, or why there is none. */
export function Answer<T>({ of, children }: { of: Asked<T>; children: (data: T) => ReactNode }) {
  if (of.data !== undefined) return children(of.data);
  if (of.error) return <Failure error={of.error} again={() => of.refetch()} />;
  return <Skeleton active />;
}

/** Those that there are, or what to do as long as there are none. */
export function Some<T>({
  of,
  none,
  next,
  children,
}: {
  of: Asked<{ items: T[] }>;
  none: string;
  next: string;
  children: (items: [T, ...T[]]) => ReactNode;
}) {
  return (
    <Answer of={of}>
      {({ items: [first, ...more] }) =>
        first === undefined ? (
          <section className="panel">
            <Empty title={none} next={next} />
          </section>
        ) : (
          children([first, ...more])
        )
      }
    </Answer>
  );
}

/** Catches the fall of what stands below, so that the rest of the page stays. */
export class Boundary extends Component<{ children: ReactNode }, { error: unknown }> {
  state = { error: undefined as unknown };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  render() {
    if (this.state.error === undefined) return this.props.children;
    return (
      <div className="content">
        <Failure error={this.state.error} again={() => location.reload()} />
      </div>
    );
  }
}
