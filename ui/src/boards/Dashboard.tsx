import {
  DeleteOutlined,
  EditOutlined,
  FullscreenOutlined,
  ReloadOutlined,
} from "@ant-design/icons";
import { useIsFetching } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Alert, Button } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAnalyses } from "../analytics/asked";
import { Found } from "../named/Found";
import { Naming } from "../named/Naming";
import { Answer, Empty } from "../shell/Told";
import { Alerts } from "./Alerts";
import { useRefresh } from "./answers";
import { merged } from "./arrange";
import { type Board, KEY, useDashboard, useForget, useReports } from "./asked";
import { Every, useEvery } from "./Every";
import { Grid } from "./Grid";
import "../named/named.css";
import "./boards.css";

/** A dashboard: its cards with their answers, arranged, refreshed, and shown on a wall. */
export default function Dashboard() {
  const { t } = useTranslation();
  const { id = "" } = useParams({ strict: false }) as { id?: string };
  const found = useDashboard(id);
  return (
    <Found of={found} absent={t("boards.absent")} all={["/dashboards", t("boards.all")]}>
      {(board) => <Shown key={board.id} board={board} />}
    </Found>
  );
}

/** Is the place over the whole screen, and how to put it there? */
function useWall() {
  const place = useRef<HTMLDivElement>(null);
  const [whole, note] = useState(false);
  useEffect(() => {
    const look = () => note(document.fullscreenElement === place.current);
    document.addEventListener("fullscreenchange", look);
    return () => document.removeEventListener("fullscreenchange", look);
  }, []);
  return { place, whole, fill: () => void place.current?.requestFullscreen() };
}

/** The dashboard as it is arranged, before that is kept; and who else changed it meanwhile. */
function useDraft(board: Board) {
  const [state, set] = useState<{ read: Board; draft: Board; others?: string }>();
  if (state && state.read.version !== board.version) {
    const { read, draft } = state;
    const minutes = draft.minutes === read.minutes ? board.minutes : draft.minutes;
    const cards = merged(read.cards, draft.cards, board.cards);
    set({ read: board, draft: { ...board, cards, minutes }, others: board.updated_by });
  }
  return {
    draft: state?.draft,
    others: state?.others,
    arrange: (draft?: Board) => set(draft && { read: board, ...state, draft }),
  };
}

function Shown({ board }: { board: Board }) {
  const { t } = useTranslation();
  const every = useEvery();
  const all = useAnalyses();
  const reports = useReports();
  const refresh = useRefresh();
  const busy = useIsFetching({ queryKey: [KEY, "answer"] }) > 0;
  const { place, whole, fill } = useWall();
  const { draft, arrange, others } = useDraft(board);
  const shown = draft ?? board;
  return (
    <>
      <div className="title">
        <h1>{board.name}</h1>
        <div className="actions">
          <Button icon={<ReloadOutlined />} loading={busy} onClick={() => void refresh()}>
            {t("boards.refresh")}
          </Button>
          {document.fullscreenEnabled && (
            <Button icon={<FullscreenOutlined />} onClick={fill}>
              {t("boards.wall")}
            </Button>
          )}
          {!draft && (
            <Button icon={<EditOutlined />} onClick={() => arrange(board)}>
              {t("boards.arrange")}
            </Button>
          )}
          {!draft && <Forget board={board} />}
        </div>
        <p>
          <Link to={"/dashboards" as never} activeOptions={{ exact: true }}>
            {t("boards.all")}
          </Link>{" "}
          · {every(board.minutes)}
          {board.description && ` · ${board.description}`}
        </p>
      </div>
      {draft && (
        <section className="panel" aria-label={t("boards.arrange")}>
          <Naming
            kind="dashboards"
            kept={board}
            said={{ cards: draft.cards, minutes: draft.minutes, version: draft.version }}
            done={() => arrange(undefined)}
            cancel={() => arrange(undefined)}
          >
            <Every value={draft.minutes} change={(minutes) => arrange({ ...draft, minutes })} />
            <p className="soft boards-note">{t("boards.how")}</p>
            {others && <Alert type="info" showIcon title={t("boards.others", { by: others })} />}
          </Naming>
        </section>
      )}
      {!draft && <Alerts board={board.id} />}
      <div ref={place} className={whole ? "boards-place boards-wall" : "boards-place"}>
        {whole && <h2>{board.name}</h2>}
        {shown.cards.length === 0 ? (
          <section className="panel">
            <Empty
              title={t("boards.no_cards")}
              next={t("boards.no_cards_next")}
              action={
                <Link to={"/analytics" as never}>
                  <Button type="primary">{t("boards.to_analyses")}</Button>
                </Link>
              }
            />
          </section>
        ) : (
          <Answer of={all}>
            {({ items }) => (
              <Answer of={reports}>
                {({ items: kept }) => (
                  <Grid
                    cards={shown.cards}
                    minutes={board.minutes}
                    analyses={items}
                    reports={kept}
                    wall={whole}
                    change={draft && ((cards) => arrange({ ...draft, cards }))}
                  />
                )}
              </Answer>
            )}
          </Answer>
        )}
      </div>
    </>
  );
}

function Forget({ board }: { board: Board }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const forget = useForget("dashboards");
  const gone = () => void navigate({ to: "/dashboards" as never });
  return (
    <Button icon={<DeleteOutlined />} onClick={() => forget(board, board, gone)}>
      {t("boards.delete")}
    </Button>
  );
}
