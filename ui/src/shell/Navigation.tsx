import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { reaches } from "./page";
import { pages } from "./pages";
import { useSession } from "./session";

/** The pages that this person may see. */
export function Navigation({ chosen }: { chosen?: () => void }) {
  const { t } = useTranslation();
  const { data } = useSession();
  const shown = pages.filter(
    (page) => page.icon && data && reaches(data.role, page.role ?? "viewer"),
  );
  return (
    <ul className="navigation">
      {shown.map(({ path, title, icon: Icon }) => {
        return (
          <li key={path}>
            <Link to={path as never} activeOptions={{ exact: path === "/" }} onClick={chosen}>
              {Icon && <Icon />}
              <span>{t(title)}</span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
