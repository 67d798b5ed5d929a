import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import type { components } from "../api/schema";
import { useFormat } from "../shell/format";
import { usePages } from "../shell/paging";
import { type Column, Rows } from "../shell/Rows";
import { Answer } from "../shell/Told";
import type { Query } from "./asked";

type Row = components["schemas"]["RfmMember"];

/** Who is in a class or a cell, those who brought the most first. */
export function Members({
  asked,
  name,
  currency,
}: {
  asked: Query;
  name: string;
  currency: string;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const found = usePages<Row>(["rfm", "members", name, asked], (cursor) =>
    told(api.GET("/api/rfm/members", { params: { query: { ...asked, name, cursor } } })),
  );
  const columns = useMemo<Column<Row>[]>(
    () => [
      {
        key: "id",
        title: t("rfm.customer"),
        width: 220,
        show: (row) => (
          <Link to={"/profiles/$id" as never} params={{ id: row.id } as never}>
            {row.id}
          </Link>
        ),
      },
      {
        key: "amount",
        title: `${t("rfm.amount")} ${currency}`.trim(),
        number: true,
        width: 130,
        show: (row) => format.number(row.amount),
      },
      {
        key: "orders",
        title: t("rfm.orders"),
        number: true,
        width: 90,
        show: (row) => format.count(row.orders),
      },
      {
        key: "last",
        title: t("rfm.last_order"),
        width: 190,
        show: (row) => `${format.day(row.last_order)} · ${t("rfm.within", { count: row.days })}`,
      },
    ],
    [t, format, currency],
  );
  return (
    <Answer of={found}>
      {(rows) => (
        <Rows
          label={t("rfm.members")}
          columns={columns}
          rows={rows}
          rowKey={({ id }) => id}
          more={found.more}
          busy={found.busy}
          height="320px"
        />
      )}
    </Answer>
  );
}
