import {
  ArrowLeftOutlined,
  ArrowRightOutlined,
  ArrowsAltOutlined,
  DeleteOutlined,
  DragOutlined,
  EditOutlined,
} from "@ant-design/icons";
import { Button } from "antd";
import { type CSSProperties, type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Item } from "../analytics/asked";
import { type Card, MOST, moved, placed, sized, told } from "./arrange";
import type { Report } from "./asked";
import { CardForm } from "./CardForm";
import { Shown, useTitle } from "./Shown";

const ARROWS: Record<string, [across: number, down: number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

interface Given {
  cards: Card[];
  minutes: number;
  analyses: Item[];
  reports: Report[];
  /** Shown on a wall: nothing to press. */
  wall: boolean;
  /** Present while the cards are arranged. */
  change?: (cards: Card[]) => void;
}

/** The cards of a dashboard in their order, each as wide and as high as it was made. */
export function Grid(given: Given) {
  const grid = useRef<HTMLUListElement>(null);
  return (
    <ul ref={grid} className={given.change ? "boards-grid boards-arranging" : "boards-grid"}>
      {given.cards.map((card) => (
        <Placed
          key={card.id}
          card={card}
          {...given}
          cell={() => ({ width: (grid.current?.clientWidth ?? MOST) / MOST, height: ROW_PX })}
        />
      ))}
    </ul>
  );
}

/** Of a row while cards are arranged, with the gap below it. */
const ROW_PX = 216;

interface Cell {
  width: number;
  height: number;
}

function Placed({ card, cell, ...given }: Given & { card: Card; cell: () => Cell }) {
  const { minutes, analyses, reports, wall, change } = given;
  const report = reports.find(({ id }) => id === card.report);
  const item = analyses.find(({ name }) => name === report?.analysis);
  const style = { "--wide": card.width, "--high": card.height } as CSSProperties;
  return (
    <li className="panel boards-card" style={style} data-card={card.id} data-show={card.show}>
      <Shown {...{ card, report, item, minutes, wall }} />
      {change && <Tools {...{ card, report, item, cell, change }} cards={given.cards} />}
    </li>
  );
}

interface Tooled {
  card: Card;
  cards: Card[];
  report?: Report;
  item?: Item;
  cell: () => Cell;
  change: (cards: Card[]) => void;
}

/** Moves and sizes a card, by buttons, by arrow keys or by hand; takes it off. */
function Tools({ card, cards, report, item, cell, change }: Tooled) {
  const { t } = useTranslation();
  const name = useTitle(card, report, item);
  const [editing, edit] = useState(false);
  const move = (by: number) => change(moved(cards, card.id, by));
  const size = (wider: number, higher: number) =>
    change(sized(cards, card.id, card.width + wider, card.height + higher));
  const drag = useDrag((over) => change(placed(cards, card.id, over)), card.id);
  const stretch = useStretch(cell, card, (width, height) =>
    change(sized(cards, card.id, width, height)),
  );
  const keys = (act: (across: number, down: number) => void) => (event: KeyboardEvent) => {
    const arrow = ARROWS[event.key];
    if (!arrow) return;
    event.preventDefault();
    act(...arrow);
  };
  const at = cards.findIndex(({ id }) => id === card.id);
  return (
    <div className="boards-tools" role="toolbar" aria-label={t("boards.tools", { name })}>
      <Button
        size="small"
        className="boards-drag"
        icon={<DragOutlined />}
        aria-label={t("boards.drag", { name })}
        onKeyDown={keys((across, down) => move(across || down))}
        {...drag}
      />
      <Button
        size="small"
        icon={<ArrowLeftOutlined />}
        aria-label={t("boards.earlier", { name })}
        disabled={at === 0}
        onClick={() => move(-1)}
      />
      <Button
        size="small"
        icon={<ArrowRightOutlined />}
        aria-label={t("boards.later", { name })}
        disabled={at === cards.length - 1}
        onClick={() => move(1)}
      />
      <Sized
        label={t("boards.width")}
        value={card.width}
        by={(more) => size(more, 0)}
        name={name}
      />
      <Sized
        label={t("boards.height")}
        value={card.height}
        by={(more) => size(0, more)}
        name={name}
      />
      <Button
        size="small"
        icon={<EditOutlined />}
        aria-label={t("boards.edit", { name })}
        onClick={() => edit(true)}
      />
      <Button
        size="small"
        icon={<DeleteOutlined />}
        aria-label={t("boards.take_off", { name })}
        onClick={() => change(cards.filter(({ id }) => id !== card.id))}
      />
      <Button
        size="small"
        className="boards-stretch"
        icon={<ArrowsAltOutlined rotate={90} />}
        aria-label={t("boards.stretch", { name })}
        onKeyDown={keys(size)}
        {...stretch}
      />
      {editing && (
        <CardForm
          card={card}
          item={item}
          name={name}
          done={(said) => {
            edit(false);
            if (said) change(told(cards, card.id, said));
          }}
        />
      )}
    </div>
  );
}

interface Side {
  label: string;
  name: string;
  value: number;
  by: (more: number) => void;
}

function Sized({ label, name, value, by }: Side) {
  const { t } = useTranslation();
  return (
    <span className="boards-size">
      <Button
        size="small"
        aria-label={t("boards.less", { label, name })}
        disabled={value === 1}
        onClick={() => by(-1)}
      >
        −
      </Button>
      <output aria-label={`${label} ${name}`}>
        {label} {value}
      </output>
      <Button
        size="small"
        aria-label={t("boards.more", { label, name })}
        disabled={value === MOST}
        onClick={() => by(1)}
      >
        +
      </Button>
    </span>
  );
}

type Moved = (event: globalThis.PointerEvent) => void;

/** Follows a press wherever the pointer goes, until it ends: what was pressed may itself move. */
function useHeld(begin: (event: PointerEvent) => void, move: Moved) {
  const now = useRef(move);
  now.current = move;
  return {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      event.preventDefault();
      event.currentTarget.focus();
      begin(event);
      const ended = new AbortController();
      const { signal } = ended;
      addEventListener("pointermove", (later) => now.current(later), { signal });
      addEventListener("pointerup", () => ended.abort(), { signal });
      addEventListener("pointercancel", () => ended.abort(), { signal });
    },
  };
}

/** Tells over which other card something is dragged, once for each. */
function useDrag(over: (id: string) => void, own: string) {
  const last = useRef<string>(undefined);
  return useHeld(
    () => {
      last.current = own;
    },
    ({ clientX, clientY }) => {
      const under = document.elementFromPoint(clientX, clientY);
      const id = under?.closest<HTMLElement>("[data-card]")?.dataset.card;
      // What lies below the pointer changes when cards give way: each is told once.
      if (id && id !== last.current && id !== own) over(id);
      last.current = id;
    },
  );
}

/** Tells how many columns and rows a corner was drawn to. */
function useStretch(cell: () => Cell, card: Card, to: (width: number, height: number) => void) {
  const start = useRef({ x: 0, y: 0, width: 1, height: 1 });
  return useHeld(
    ({ clientX: x, clientY: y }) => {
      start.current = { x, y, width: card.width, height: card.height };
    },
    ({ clientX, clientY }) => {
      const { x, y, width, height } = start.current;
      const one = cell();
      to(
        width + Math.round((clientX - x) / one.width),
        height + Math.round((clientY - y) / one.height),
      );
    },
  );
}
