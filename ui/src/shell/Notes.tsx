import AppContext, { type useAppProps } from "antd/es/app/context";
import { lazy, type ReactNode, Suspense, useMemo, useRef, useState } from "react";

const Speaker = lazy(() => import("./Speaker"));

/** Something to be said or asked, once there is what says it. */
export type Note = (app: useAppProps) => void;

/** Lets everything below say and ask things (`App.useApp()`); what does so comes when it is used. */
export function Notes({ children }: { children: ReactNode }) {
  const waiting = useRef<Note[]>([]);
  const said = useRef<(note: Note) => void>(undefined);
  const [wanted, setWanted] = useState(false);
  const app = useMemo(
    () =>
      speaking((note) => {
        if (said.current) return said.current(note);
        waiting.current.push(note);
        setWanted(true);
      }),
    [],
  );
  const ready = useMemo(
    () => (say: (note: Note) => void) => {
      said.current = say;
      for (const note of waiting.current.splice(0)) say(note);
    },
    [],
  );
  return (
    <AppContext value={app}>
      {children}
      {wanted && (
        <Suspense fallback={null}>
          <Speaker ready={ready} />
        </Suspense>
      )}
    </AppContext>
  );
}

/** What has the form of the ready-made ones and hands on every call. */
function speaking(say: (note: Note) => void): useAppProps {
  const part = <K extends keyof useAppProps>(kind: K) =>
    new Proxy({} as useAppProps[K], {
      get:
        (_, name: string) =>
        (...given: unknown[]) =>
          new Promise((told) => {
            say((app) => {
              const parts = app[kind] as unknown as Record<string, (...of: unknown[]) => unknown>;
              told(parts[name]?.(...given));
            });
          }),
    });
  return { message: part("message"), notification: part("notification"), modal: part("modal") };
}
