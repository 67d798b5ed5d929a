import { App } from "antd";
import { useEffect } from "react";
import type { Note } from "./Notes";

/** Says and asks what is noted elsewhere. */
export default function Speaker({ ready }: { ready: (say: (note: Note) => void) => void }) {
  return (
    <App component={false}>
      <Voice ready={ready} />
    </App>
  );
}

function Voice({ ready }: { ready: (say: (note: Note) => void) => void }) {
  const app = App.useApp();
  useEffect(() => ready((note) => note(app)), [app, ready]);
  return null;
}
