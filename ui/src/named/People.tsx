import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { components } from "../api/schema";
import type { usePages } from "../shell/paging";
import { type Column, Rows } from "../shell/Rows";
import { Temperature } from "../shell/Temperature";
import { Answer, Empty } from "../shell/Told";
import { NAME, plain, traitOf } from "./traits";
import { Who } from "./Who";

export type Profile = components["schemas"]["FoundProfile"];

interface Shown {
  label: string;
  found: ReturnType<typeof usePages<Profile>>;
  /** What is said where there is nobody, and what to do then. */
  nobody: string;
  next: string;
  height: string;
}

/** Profiles that were found, with their temperatures. */
export function People({ label, found, nobody, next, height }: Shown) {
  const { t } = useTranslation();
  const columns = useMemo<Column<Profile>[]>(
    () => [
      {
        key: "id",
        title: t("named.profile"),
        width: 220,
        show: (row) => <Who id={row.id} name={plain(traitOf(row.traits, NAME))} />,
      },
      {
        key: "temperature",
        title: t("named.temperature"),
        width: 170,
        show: (row) => <Temperature value={row.temperature} band={row.band} />,
      },
    ],
    [t],
  );
  return (
    <Answer of={found}>
      {(rows) =>
        rows.length === 0 ? (
          <Empty title={nobody} next={next} />
        ) : (
          <Rows
            label={label}
            columns={columns}
            rows={rows}
            rowKey={(row) => row.id}
            more={found.more}
            busy={found.busy}
            height={height}
          />
        )
      }
    </Answer>
  );
}
