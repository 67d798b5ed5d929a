import { DeleteOutlined, PlusOutlined, UploadOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ExportButton } from "../shell/ExportButton";
import { useFormat } from "../shell/format";
import { type Cell, Sheet } from "../shell/Sheet";
import { Answer, Empty } from "../shell/Told";
import { useUndo } from "../shell/undo";
import { type Cost, type CostList, useCosts, useEdits, useLists, WORDS } from "./asked";
import { Import } from "./Import";
import { Write } from "./Write";
import "./costs.css";

const FILES = (["csv", "jsonl"] as const).map((form) => ({
  label: form === "csv" ? "CSV" : "JSON Lines",
  name: `costs.${form}`,
  from: `/api/costs/export?format=${form}`,
}));

/** What was paid to reach people: brought in by list or by hand, seen, and taken back. */
export default function Costs() {
  const { t } = useTranslation();
  const found = useCosts();
  const [doing, setDoing] = useState<"import" | "write">();
  const none = found.data?.length === 0;
  const end = () => setDoing(undefined);
  return (
    <>
      <div className="title">
        <h1>{t("costs.title")}</h1>
        <div className="actions">
          <Button
            icon={<UploadOutlined />}
            type={none ? "primary" : "default"}
            onClick={() => setDoing("import")}
          >
            {t("costs.import.open")}
          </Button>
          <Button icon={<PlusOutlined />} onClick={() => setDoing("write")}>
            {t("costs.add")}
          </Button>
          <ExportButton files={FILES} disabled={none} />
        </div>
        <p>{t("costs.about")}</p>
      </div>
      {doing === "import" && <Import close={end} />}
      {doing === "write" && <Write close={end} />}
      <Answer of={found}>
        {(rows) =>
          rows.length === 0 ? (
            <section className="panel">
              <Empty title={t("costs.none")} next={t("costs.none_next")} />
            </section>
          ) : (
            <Standing rows={rows} more={found.more} busy={found.busy} />
          )
        }
      </Answer>
      <Lists />
    </>
  );
}

function Standing({ rows, more, busy }: { rows: Cost[]; more?: () => void; busy: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const undo = useUndo();
  const { remove, restore } = useEdits();
  const forget = ({ id }: Cost) =>
    remove.mutate(id, { onSuccess: () => undo(t("costs.deleted"), () => restore(id)) });
  const columns: Cell<Cost>[] = [
    {
      key: "days",
      title: t("costs.days"),
      head: true,
      show: (one) => (one.until === one.from ? one.from : `${one.from} – ${one.until}`),
    },
    ...WORDS.map((word) => ({
      key: word,
      title: t(`costs.fields.${word}`),
      show: (one: Cost) => one[word] || "–",
    })),
    {
      key: "amount",
      title: t("costs.fields.amount"),
      number: true,
      show: (one) => `${format.number(one.amount)} ${one.currency}`,
    },
    { key: "list", title: t("costs.list"), show: (one) => one.import_name || t("costs.by_hand") },
    {
      key: "acts",
      title: "",
      show: (one) => (
        <Button
          size="small"
          icon={<DeleteOutlined />}
          aria-label={t("costs.delete_of", { day: one.from })}
          onClick={() => forget(one)}
        />
      ),
    },
  ];
  return (
    <section className="panel">
      <h2>{t("costs.standing")}</h2>
      <Sheet label={t("costs.standing")} columns={columns} rows={rows} rowKey={({ id }) => id} />
      {more && (
        <Button className="costs-more" loading={busy} onClick={more}>
          {t("costs.more")}
        </Button>
      )}
    </section>
  );
}

/** The lists that came in; each is taken back, and brought back, as a whole. */
function Lists() {
  const { t } = useTranslation();
  const format = useFormat();
  const found = useLists();
  const { undo, redo } = useEdits();
  if (!found.data?.items.length) return null;
  const columns: Cell<CostList>[] = [
    { key: "name", title: t("costs.list"), head: true, show: (one) => one.name },
    { key: "days", title: t("costs.days"), show: (one) => `${one.from} – ${one.until}` },
    {
      key: "rows",
      title: t("costs.rows"),
      number: true,
      show: (one) => (one.rows ? format.count(one.rows) : t("costs.taken_back")),
    },
    {
      key: "amount",
      title: t("costs.fields.amount"),
      number: true,
      show: (one) =>
        Object.entries(one.amounts)
          .map(([currency, amount]) => `${format.number(amount)} ${currency}`)
          .join(", ") || "–",
    },
    { key: "at", title: t("costs.came"), show: (one) => format.moment(one.created_at) },
    {
      key: "acts",
      title: "",
      show: ({ id, rows, name }) => (
        <Button
          size="small"
          aria-label={t(rows ? "costs.undo_of" : "costs.redo_of", { name })}
          onClick={() => (rows ? undo : redo).mutate(id)}
        >
          {t(rows ? "costs.undo" : "costs.redo")}
        </Button>
      ),
    },
  ];
  return (
    <section className="panel">
      <h2>{t("costs.lists")}</h2>
      <Sheet
        label={t("costs.lists")}
        columns={columns}
        rows={found.data.items}
        rowKey={({ id }) => id}
      />
    </section>
  );
}
