import { MenuOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { lazy, type ReactNode, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Clock } from "./Clock";
import { Mark } from "./Mark";
import { Member } from "./Member";
import { Navigation } from "./Navigation";
import { OfflineBar } from "./OfflineBar";
import type { Page } from "./page";
import { HelpLink, LanguageSwitch, LookSwitch } from "./Switches";

const Search = lazy(() => import("./Search"));
const Drawer = lazy(() => import("antd/es/drawer"));

/** What stands around every page: navigation, header, the way to help. */
export function Frame({ page, children }: { page: Page; children: ReactNode }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<boolean>();
  const title = t(page.title);
  useEffect(() => {
    document.title = `${title} · Hotspring`;
  }, [title]);
  return (
    <div className="frame">
      <a className="skip" href="#content">
        {t("shell.skip")}
      </a>
      <header className="header">
        <Button
          className="only-narrow"
          type="text"
          icon={<MenuOutlined />}
          aria-label={t("shell.menu")}
          onClick={() => setOpen(true)}
        />
        <Mark />
        <Suspense fallback={<div className="search" />}>
          <Search />
        </Suspense>
        <div className="header-room" />
        <Clock />
        <HelpLink page={page} />
        <span className="only-wide switches">
          <LanguageSwitch />
          <LookSwitch />
        </span>
        <Member />
      </header>
      <nav className="side only-wide" aria-label={t("shell.navigation")}>
        <Navigation />
      </nav>
      {open !== undefined && (
        <Suspense fallback={null}>
          <Drawer
            placement="left"
            size={260}
            open={open}
            onClose={() => setOpen(false)}
            title={t("shell.navigation")}
            footer={
              <span className="switches">
                <LanguageSwitch />
                <LookSwitch />
              </span>
            }
          >
            <nav aria-label={t("shell.navigation")}>
              <Navigation chosen={() => setOpen(false)} />
            </nav>
          </Drawer>
        </Suspense>
      )}
      <main className="content" id="content" tabIndex={-1}>
        <OfflineBar />
        {children}
      </main>
    </div>
  );
}
