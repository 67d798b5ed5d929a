import { useRouter } from "@tanstack/react-router";
import { Result, Spin } from "antd";
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Frame } from "./Frame";
import { type Page, reaches } from "./page";
import { useSession } from "./session";
import { Failure } from "./Told";

/** Lets in who is signed in and may; others sign in first and come back, or hear who may. */
export function Guard({ page, children }: { page: Page; children: ReactNode }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useSession();
  if (data === undefined && error) {
    return (
      <main className="content">
        <Failure error={error} again={() => refetch()} />
      </main>
    );
  }
  if (data === undefined) return <Spin fullscreen description={t("shell.loading")} />;
  if (data === null) return <ToSignIn />;
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

/** Goes to the page for signing in, once, and remembers where one wanted to go. */
function ToSignIn() {
  const router = useRouter();
  useEffect(() => {
    const { href } = router.history.location;
    const search = href === "/" ? {} : { back: href };
    void router.navigate({ to: "/sign-in" as never, search: search as never, replace: true });
  }, [router]);
  return null;
}
