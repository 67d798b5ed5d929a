import { type ReactNode, useEffect } from "react";
import { Mark } from "../shell/Mark";
import { LanguageSwitch, LookSwitch } from "../shell/Switches";

/** A page without the frame: one panel in the middle. */
export function Alone({ title, children }: { title: string; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Hotspring`;
  }, [title]);
  return (
    <main className="alone">
      <div>
        <div className="panel">
          <Mark />
          <h1>{title}</h1>
          {children}
        </div>
        <div className="alone-foot">
          <LanguageSwitch />
          <LookSwitch />
        </div>
      </div>
    </main>
  );
}
