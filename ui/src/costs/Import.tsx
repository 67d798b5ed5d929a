import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Upload } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Said } from "../refusals/Said";
import { useFormat } from "../shell/format";
import { ListColumns } from "../shell/ListColumns";
import { Rows } from "../shell/Rows";
import { Failure } from "../shell/Told";
import { FIELDS, type List, NEEDED, type Outcome, send, useEdits } from "./asked";

/** A list of costs comes in: it is tried, each row that cannot be used is told, then it counts. */
export function Import({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { upload } = useEdits();
  const [list, setList] = useState<List & { number: number }>();
  const tried = useQuery({
    queryKey: ["costs-tried", list?.number, list?.map],
    queryFn: () => send(list as List, true),
    enabled: list !== undefined,
    // While a column is chosen the others stay where they are.
    placeholderData: (before, query) => (query?.queryKey[1] === list?.number ? before : undefined),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });
  const usable = tried.data?.usable ?? 0;
  const change = (next: List & { number: number }) => {
    setList(next);
    upload.reset();
  };
  return (
    <section className="panel" aria-labelledby="import">
      <h2 id="import">{t("costs.import.title")}</h2>
      <Upload.Dragger
        accept=".csv,.tsv,.txt,.xlsx,.xls,.ods"
        showUploadList={false}
        customRequest={({ file }) =>
          change({ file: file as File, map: {}, number: (list?.number ?? 0) + 1 })
        }
      >
        <b>{list ? list.file.name : t("costs.import.drop")}</b>
        <p className="soft">{t("costs.import.formats")}</p>
      </Upload.Dragger>
      {tried.error && <Failure error={tried.error} />}
      {tried.data && !upload.data && (
        <>
          <ListColumns
            called={(field) => t(`costs.fields.${field}`)}
            fields={FIELDS}
            needed={NEEDED}
            found={tried.data}
            choose={(field, heading) =>
              list && change({ ...list, map: { ...list.map, [field]: heading } })
            }
          />
          <Refused found={tried.data} />
        </>
      )}
      {upload.error && <Failure error={upload.error} />}
      {upload.data && (
        <>
          <Alert
            type={upload.data.refused.length ? "warning" : "success"}
            showIcon
            title={t("costs.import.added", {
              added: format.count(upload.data.usable),
              refused: format.count(upload.data.refused.length),
            })}
          />
          <Refused found={upload.data} />
        </>
      )}
      <div className="costs-acts">
        {!upload.data && (
          <Button
            type="primary"
            disabled={!list || usable === 0 || tried.isFetching}
            loading={upload.isPending || tried.isFetching}
            onClick={() => list && upload.mutate(list)}
          >
            {usable > 0 && tried.data
              ? t("costs.import.add", {
                  usable: format.count(usable),
                  amount: `${format.count(tried.data.amount)} ${tried.data.currency}`,
                })
              : t("costs.import.add_none")}
          </Button>
        )}
        <Button onClick={close}>{t(upload.data ? "costs.close" : "costs.cancel")}</Button>
      </div>
    </section>
  );
}

/** Each row that cannot be used, and why. */
function Refused({ found }: { found: Outcome }) {
  const { t } = useTranslation();
  const rows = found.refused;
  if (rows.length === 0) return null;
  const label = t("costs.import.refused", { refused: rows.length });
  return (
    <>
      <h3>{label}</h3>
      <Rows
        label={label}
        height="260px"
        rows={rows}
        rowKey={(row) => String(row.row)}
        columns={[
          {
            key: "row",
            title: t("costs.import.row"),
            width: 70,
            number: true,
            show: (row) => row.row,
          },
          {
            key: "why",
            title: t("costs.import.why"),
            width: 320,
            wrap: true,
            show: (row) => <Said text={row.reason} />,
          },
        ]}
      />
    </>
  );
}
