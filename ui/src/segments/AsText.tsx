import { Alert, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { opened, type Tree } from "./tree";

interface Shown {
  tree: Tree;
  /** At least so many lines. */
  rows?: number;
  change: (tree: Tree) => void;
}

/** JSON that is an object, or nothing. */
export function parsed(text: string): Tree | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const plain = typeof value === "object" && value !== null && !Array.isArray(value);
    return plain ? (value as Tree) : undefined;
  } catch {
    return undefined;
  }
}

/** The rule as it is kept, to be read, taken away and written by hand. */
export function AsText({ tree, rows = 12, change }: Shown) {
  const { t } = useTranslation();
  const [text, write] = useState(() => JSON.stringify(tree, null, 2));
  const read = parsed(text);
  // What was changed elsewhere, as by undo, is written anew; what one types stays as one typed it.
  const same = read === undefined || JSON.stringify(read) === JSON.stringify(tree);
  const shown = same ? text : JSON.stringify(tree, null, 2);
  const put = (next: string) => {
    write(next);
    const found = parsed(next);
    if (found) change(found);
  };
  return (
    <>
      {opened(tree) === undefined && (
        <Alert type="info" showIcon title={t("segments.only_text")} className="segments-note" />
      )}
      <Input.TextArea
        className="segments-json"
        aria-label={t("segments.text")}
        status={read ? undefined : "error"}
        autoSize={{ minRows: rows, maxRows: 32 }}
        spellCheck={false}
        value={shown}
        onChange={({ target }) => put(target.value)}
      />
      {!read && <p className="segments-faults">{t("segments.no_json")}</p>}
    </>
  );
}
