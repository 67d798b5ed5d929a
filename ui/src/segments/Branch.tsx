import {
  ArrowDownOutlined,
  ArrowUpOutlined,
  CopyOutlined,
  DeleteOutlined,
  HolderOutlined,
  PlusOutlined,
} from "@ant-design/icons";
import { Button, Dropdown, Segmented } from "antd";
import { type ComponentType, type DragEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Said } from "../refusals/Said";
import { type Bench, Benched, type Edited, Known, useBench } from "./bench";
import { type Added, blank, offered, SORTS } from "./blanks";
import { Behaviour, Sequence } from "./Events";
import {
  Band,
  Consent,
  Degrees,
  Identifier,
  Lifecycle,
  Member,
  NextBand,
  Score,
  Tag,
  Tier,
  Trait,
} from "./Facts";
import type { Body, LeafKey } from "./leaves";
import { District, Near, TradeArea } from "./Places";
import { unfinished } from "./questions";
import {
  added,
  carried,
  doubled,
  type Group,
  group,
  isGroup,
  type Leaf,
  leaf,
  moved,
  type Node,
  removed,
  replaced,
} from "./tree";

const EDITORS: Record<LeafKey, ComponentType<Edited>> = {
  behaviour: Behaviour,
  sequence: Sequence,
  band: Band,
  temperature: Degrees,
  next_band: NextBand,
  trait: Trait,
  tag: Tag,
  score: Score,
  tier: Tier,
  lifecycle: Lifecycle,
  segment: Member,
  district: District,
  trade_area: TradeArea,
  near: Near,
  identifier: Identifier,
  consent: Consent,
};
const CARRIED = "text/x-hotspring-part";

/** A whole rule; what is one question may become a group. */
export function Rooted({ value }: { value: Bench }) {
  const { t } = useTranslation();
  const { root, change } = value;
  return (
    <Known value={value.there}>
      <Benched value={value}>
        <Part node={root} name="" />
        {!isGroup(root) && (
          <Button
            className="segments-note"
            icon={<PlusOutlined />}
            onClick={() => change((now) => group("and", [now]))}
          >
            {t("segments.and_more")}
          </Button>
        )}
      </Benched>
    </Known>
  );
}

/** A part of a rule: a group with its parts, or one question. */
function Part({ node, name }: { node: Node; name: string }) {
  return isGroup(node) ? <Branch node={node} name={name} /> : <Question node={node} name={name} />;
}

/** Parts of which all must be true, or one. `name` tells it from others: 2.1. */
function Branch({ node, name }: { node: Group; name: string }) {
  const { t } = useTranslation();
  const { root, change } = useBench();
  const told = name === "" ? t("segments.whole") : t("segments.group_of", { number: name });
  const words = (["and", "or"] as const).map((value) => ({
    value,
    label: t(`segments.group.${value}`),
  }));
  const { over, ...drop } = useDrop({ into: node.id });
  return (
    <fieldset className={`segments-group${over ? " segments-over" : ""}`} {...drop}>
      <legend className="segments-hidden">{told}</legend>
      <div className="segments-head">
        <Segmented
          size="small"
          value={node.is}
          options={words}
          aria-label={told}
          onChange={(is) =>
            change((now) => replaced(now, node.id, (one) => ({ ...one, is }) as Node))
          }
        />
        <Tools node={node} name={told} fixed={node.id === root.id} />
      </div>
      <Faults node={node} />
      {node.of.length > 0 && (
        <ol className="segments-parts">
          {node.of.map((one, at) => (
            <li key={one.id}>
              {at > 0 && <span className="segments-joint">{t(`segments.joint.${node.is}`)}</span>}
              <Part node={one} name={name === "" ? `${at + 1}` : `${name}.${at + 1}`} />
            </li>
          ))}
        </ol>
      )}
      {node.of.length === 0 && <p className="soft">{t("segments.empty_group")}</p>}
      <Adding node={node} told={told} />
    </fieldset>
  );
}

/** What may be added to a group. */
function Adding({ node, told }: { node: Group; told: string }) {
  const { t } = useTranslation();
  const { there, change } = useBench();
  const add = (part: Node) => change((now) => added(now, node.id, node.of.length, part));
  const items = Object.entries(SORTS).map(([sort, kinds]) => ({
    key: sort,
    type: "group" as const,
    label: t(`segments.sorts.${sort}`),
    children: kinds
      .filter((one) => offered(one, there))
      .map((one) => ({ key: one, label: t(`segments.leaf.${one}`) })),
  }));
  const choose = (what: Added) => {
    const { is, body } = blank(what, there);
    add(leaf(is, body));
  };
  return (
    <div className="segments-adding">
      <Dropdown
        trigger={["click"]}
        menu={{
          items: items.filter((one) => one.children.length > 0),
          className: "segments-menu",
          onClick: ({ key }) => choose(key as Added),
        }}
      >
        <Button icon={<PlusOutlined />} aria-label={t("segments.add_to", { group: told })}>
          {t("segments.add")}
        </Button>
      </Dropdown>
      <Button
        type="text"
        aria-label={t("segments.add_group_to", { group: told })}
        onClick={() => add(group(node.is === "and" ? "or" : "and"))}
      >
        {t("segments.add_group")}
      </Button>
    </div>
  );
}

/** One question with its editor. */
function Question({ node, name }: { node: Leaf; name: string }) {
  const { t } = useTranslation();
  const { root, change } = useBench();
  const { over, ...drop } = useDrop({ before: node.id });
  const Editor = EDITORS[node.is];
  const kind = t(`segments.leaf.${node.is}`);
  const told = t("segments.question_of", { number: name || "1", kind });
  const put = (patch: Body) => {
    const what = `${node.id} ${Object.keys(patch).join()}`;
    change((now) => replaced(now, node.id, (one) => patched(one as Leaf, patch)), what);
  };
  return (
    <fieldset
      className={`segments-question${over ? " segments-over" : ""}`}
      data-leaf={node.is}
      {...drop}
    >
      <legend className="segments-hidden">{told}</legend>
      <div className="segments-head">
        <b>{kind}</b>
        <Tools node={node} name={told} fixed={node.id === root.id} />
      </div>
      <div className="segments-fields">
        <Editor body={node.body} change={put} />
      </div>
      <Faults node={node} />
    </fieldset>
  );
}

/** A leaf with other members; those without a value are gone. */
export function patched(one: Leaf, patch: Body): Leaf {
  const body = { ...one.body, ...patch };
  const kept = Object.entries(body).filter(([, value]) => value !== undefined);
  return { ...one, body: Object.fromEntries(kept) };
}

/** What is wrong with a part, or still to be filled in. */
function Faults({ node }: { node: Node }) {
  const { t } = useTranslation();
  const { faults } = useBench();
  const open = isGroup(node) ? [] : unfinished(node.is, node.body);
  const found = faults.get(node.id) ?? [];
  const place = (where: string) => {
    const [first = "", second = "", third = ""] = where.split("/");
    if (first === "where") return t("segments.where_of", { number: Number(second) + 1 });
    if (second === "where") return t("segments.where_of", { number: Number(third) + 1 });
    return t(`segments.at.${first === "then" ? "later" : first}`, { defaultValue: "" });
  };
  const list: [string, ReactNode][] =
    open.length > 0
      ? [["open", t("segments.unfinished")]]
      : found.map(({ where, detail }) => [where, <Said key={where} text={detail} />]);
  if (list.length === 0) return null;
  return (
    <ul className={open.length > 0 ? "segments-open" : "segments-faults"}>
      {list.map(([where, told]) => (
        <li key={where} title={where === "open" ? undefined : where}>
          {where !== "open" && place(where) && <b>{place(where)}: </b>}
          {told}
        </li>
      ))}
    </ul>
  );
}

interface Handled {
  node: Node;
  name: string;
  /** It is the whole rule: it cannot be moved or taken out. */
  fixed: boolean;
}

/** What may be done with a part as a whole. */
function Tools({ node, name, fixed }: Handled) {
  const { t } = useTranslation();
  const { change } = useBench();
  const not = node.nots % 2 === 1;
  const turn = (one: Node): Node => ({ ...one, nots: not ? 0 : 1 });
  const tool = (what: "up" | "down" | "copy" | "remove", icon: ReactNode, done: () => void) => (
    <Button
      type="text"
      size="small"
      icon={icon}
      title={t(`segments.tool.${what}`)}
      aria-label={t(`segments.tool_of.${what}`, { name })}
      onClick={done}
    />
  );
  return (
    <span className="segments-tools">
      <Button
        size="small"
        className="segments-not"
        type={not ? "primary" : "default"}
        aria-pressed={not}
        aria-label={t("segments.not_of", { name })}
        onClick={() => change((now) => replaced(now, node.id, turn))}
      >
        {t("segments.not")}
      </Button>
      {!fixed && (
        <>
          {tool("up", <ArrowUpOutlined />, () => change((now) => moved(now, node.id, "up")))}
          {tool("down", <ArrowDownOutlined />, () => change((now) => moved(now, node.id, "down")))}
          {tool("copy", <CopyOutlined />, () => change((now) => doubled(now, node.id)))}
          {tool("remove", <DeleteOutlined />, () => change((now) => removed(now, node.id)))}
          <span
            className="segments-handle"
            draggable
            title={t("segments.drag")}
            aria-hidden="true"
            onDragStart={(event) => event.dataTransfer.setData(CARRIED, String(node.id))}
          >
            <HolderOutlined />
          </span>
        </>
      )}
    </span>
  );
}

/** A place where a part may be dropped. */
function useDrop(to: { before: number } | { into: number }) {
  const { change } = useBench();
  const [over, hover] = useState(false);
  const carries = (event: DragEvent) => event.dataTransfer.types.includes(CARRIED);
  return {
    over,
    onDragOver: (event: DragEvent) => {
      if (!carries(event)) return;
      event.preventDefault();
      event.stopPropagation();
      hover(true);
    },
    onDragLeave: () => hover(false),
    onDrop: (event: DragEvent) => {
      if (!carries(event)) return;
      event.preventDefault();
      event.stopPropagation();
      hover(false);
      const id = Number(event.dataTransfer.getData(CARRIED));
      change((now) => carried(now, id, to));
    },
  };
}
