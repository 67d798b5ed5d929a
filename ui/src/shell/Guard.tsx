import { Navigate, useLocation } from "@tanstack/react-router";
import { Result, Spin } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Frame } from "./Frame";
import { type Page, reaches } from "./page";
import { useSession } from "./session";
import { Failure } from "./Told";

/** Lets in who is signed in and may; others sign in first and come back, or hear who may. */
export function Guard({ page, children }: { page: Page; children: ReactNode }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useSession();
  const { href } = useLocation();
  if (data === undefined && error) {
    return (
      <main className="content">
        <Failure error={error} again={() => refetch()} />
      </main>
    );
  }
  if (data === undefined) return <Spin fullscreen description={t("shell.loading")} />;
  if (data === null) {
    const search = href === "/" ? {} : { back: href };
    return <Navigate to={"/sign-in" as never} search={search as never} replace />;
  }
  const least = page.role ?? "viewer";
  if (reaches(data.role, least)) return children;
  return (
    <Frame page={page}>
      <Result
        status="warning"
        title={t("shell.failed.forbidden")}
        subTitle={t("shell.needs_role", {
          role: t(`shell.roles.${least}`),
          own: t(`shell.roles.${data.role}`),
        })}
      />
    </Frame>
  );
}
