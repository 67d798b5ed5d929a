import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Popconfirm } from "antd";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import { Problem } from "../api/problem";
import { Said } from "../refusals/Said";
import { useFormat } from "../shell/format";
import { type Cell, Sheet } from "../shell/Sheet";
import { useMay } from "../shell/session";
import { Answer } from "../shell/Told";
import { useUndo } from "../shell/undo";
import type { Person } from "./Profile";

interface Join {
  id: string;
  a: string;
  b: string;
  kind: string;
  evidence: { first_at: string; last_at: string; events: number; public: boolean } | null;
  command?: string;
}

/** What a person is known by, and why that is one person. */
export function Identity({ person }: { person: Person }) {
  const { t } = useTranslation();
  const merges = useQuery({
    queryKey: ["profile", person.id, "merges"],
    queryFn: () => {
      const params = { path: { key: person.id } };
      return told(api.GET("/api/profiles/{key}/merges", { params })) as unknown as Promise<{
        merges: Join[];
        suggestions: Join[];
      }>;
    },
  });
  return (
    <>
      <section className="panel" aria-labelledby="identifiers">
        <h2 id="identifiers">{t("profiles.identifiers")}</h2>
        <ul className="profiles-identifiers">
          {person.identifiers.map((one) => (
            <li key={`${one.kind}:${one.value}`}>
              <span className="soft">{one.kind}</span> <code>{one.value}</code>
            </li>
          ))}
        </ul>
      </section>
      <section className="panel" aria-labelledby="merges">
        <h2 id="merges">{t("profiles.merges")}</h2>
        <p className="soft">{t("profiles.merges_about")}</p>
        <Answer of={merges}>
          {(data) => (
            <Joins id={person.id} joins={data.merges} empty={t("profiles.no_merges")} undo />
          )}
        </Answer>
      </section>
      {merges.data && merges.data.suggestions.length > 0 && (
        <section className="panel" aria-labelledby="clues">
          <h2 id="clues">{t("profiles.clues")}</h2>
          <p className="soft">{t("profiles.clues_about")}</p>
          <Joins id={person.id} joins={merges.data.suggestions} empty="" />
        </section>
      )}
    </>
  );
}

interface Listed {
  id: string;
  joins: Join[];
  empty: string;
  undo?: boolean;
}

function Joins({ id, joins, empty, undo }: Listed) {
  const { t } = useTranslation();
  const format = useFormat();
  const may = useMay("analyst");
  const part = useParting(id);
  const kinds: Record<string, string> = {
    person: t("profiles.joined.person"),
    sign_in: t("profiles.joined.sign_in"),
    accepted: t("profiles.joined.accepted"),
  };
  if (joins.length === 0) return <p className="soft">{empty}</p>;
  const told = ({ evidence }: Join) =>
    evidence &&
    t("profiles.evidence_told", {
      events: format.count(evidence.events),
      from: format.day(evidence.first_at),
      to: format.day(evidence.last_at),
    });
  const columns: Cell<Join>[] = [
    { key: "a", title: t("profiles.side_a"), head: true, show: (one) => <code>{one.a}</code> },
    { key: "b", title: t("profiles.side_b"), show: (one) => <code>{one.b}</code> },
    { key: "why", title: t("profiles.why"), show: (one) => kinds[one.kind] ?? one.kind },
    { key: "evidence", title: t("profiles.evidence"), show: told },
  ];
  const button = {
    key: "part",
    title: "",
    show: (one: Join) => (
      <Popconfirm
        title={t("profiles.part_sure", { a: one.a, b: one.b })}
        description={t("profiles.part_about")}
        onConfirm={() => part.mutateAsync(one.id).catch(() => {})}
      >
        <Button size="small" aria-label={t("profiles.part_both", { a: one.a, b: one.b })}>
          {t("profiles.part")}
        </Button>
      </Popconfirm>
    ),
  };
  return (
    <Sheet
      label={t("profiles.merges")}
      columns={undo && may ? [...columns, button] : columns}
      rows={joins}
      rowKey={(one) => one.id}
    />
  );
}

/** Parts a merge again, with the way back. */
function useParting(key: string) {
  const { t } = useTranslation();
  const { notification } = App.useApp();
  const client = useQueryClient();
  const offer = useUndo();
  const fresh = () => client.invalidateQueries({ queryKey: ["profile"] });
  return useMutation({
    mutationFn: (merge_id: string) => {
      const params = { path: { key, merge_id } };
      const undone = told(api.POST("/api/profiles/{key}/merges/{merge_id}/undo", { params }));
      return undone as unknown as Promise<{ command: string }>;
    },
    onSuccess: async ({ command }) => {
      await fresh();
      offer(t("profiles.parted"), async () => {
        const params = { path: { command_id: command } };
        await told(api.POST("/api/commands/{command_id}/retract", { params }));
        await fresh();
      });
    },
    onError: (error) => {
      const description = error instanceof Problem ? <Said text={error.detail} /> : undefined;
      notification.error({ title: t("profiles.not_parted"), description });
    },
  });
}
