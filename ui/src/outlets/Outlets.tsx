import { PlusOutlined, UploadOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Parts } from "../shell/Parts";
import { useView, written } from "../shell/page";
import { useMay } from "../shell/session";
import { Answer, Empty } from "../shell/Told";
import { type Outlet, useOutlets } from "./asked";
import { Heat } from "./Heat";
import { Import } from "./Import";
import { List } from "./List";
import { OutletForm } from "./OutletForm";
import page, { type View, viewOf } from "./page";
import "./outlets.css";

/** What stands above the parts: nothing, a list that comes in, or one outlet that is written. */
type Doing = { what: "import" } | { what: "write"; outlet?: Outlet } | undefined;

/** Outlets beside heat: where they are, whom they serve, and what that suggests. */
export default function Outlets() {
  const { t } = useTranslation();
  const [view] = useView({ ...page, view: viewOf });
  const may = useMay("analyst");
  const found = useOutlets();
  const [doing, setDoing] = useState<Doing>();
  const none = found.data?.items.length === 0;
  const end = () => setDoing(undefined);
  return (
    <>
      <div className="title">
        <h1>{t("outlets.title")}</h1>
        {may && (
          <div className="actions">
            <Button
              icon={<UploadOutlined />}
              type={none ? "primary" : "default"}
              onClick={() => setDoing({ what: "import" })}
            >
              {t("outlets.import.open")}
            </Button>
            <Button icon={<PlusOutlined />} onClick={() => setDoing({ what: "write" })}>
              {t("outlets.add")}
            </Button>
          </div>
        )}
        <p>{t("outlets.about")}</p>
      </div>
      {doing?.what === "import" && <Import close={end} />}
      {doing?.what === "write" && (
        <OutletForm key={doing.outlet?.id ?? "new"} outlet={doing.outlet} close={end} />
      )}
      <Answer of={found}>
        {({ items }) =>
          items.length === 0 ? (
            <section className="panel">
              <Empty
                title={t("outlets.none")}
                next={t(may ? "outlets.none_next" : "outlets.none_ask")}
              />
            </section>
          ) : (
            <Parts
              label={t("outlets.title")}
              now={view.part}
              search={(part) => search(view, part as View["part"])}
              parts={[
                { key: "heat", label: t("outlets.heat"), content: <Heat /> },
                {
                  key: "list",
                  label: t("outlets.list"),
                  content: (
                    <List
                      items={items}
                      edit={may ? (outlet) => setDoing({ what: "write", outlet }) : undefined}
                    />
                  ),
                },
              ]}
            />
          )
        }
      </Answer>
    </>
  );
}

/** The address of a part; what one looks for in it is not looked for in the other. */
function search(view: View, part: View["part"]) {
  const q = part === view.part ? view.q : "";
  return written({ ...page, view: viewOf }, { ...view, part, q });
}
