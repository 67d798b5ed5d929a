import { ConfigProvider } from "antd";
import {
  createContext,
  type ReactNode,
  useContext,
  useLayoutEffect,
  useMemo,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import { type Language, wordsOfComponents } from "../i18n";
import { DARK, STILL, useMedia } from "./media";
import { Notes } from "./Notes";
import { type Shade, themeOf, variablesOf } from "./theme";

export const LOOKS = ["system", "light", "dark"] as const;
export type Look = (typeof LOOKS)[number];

const KEPT = "hotspring.look";
const PAPER = "print";
const Context = createContext<{ look: Look; shade: Shade; choose: (look: Look) => void }>({
  look: "system",
  shade: "light",
  choose: () => {},
});

/** Light or dark, as chosen or as the system is. */
export function useLook() {
  return useContext(Context);
}

function kept(): Look {
  const said = localStorage.getItem(KEPT);
  return LOOKS.find((look) => look === said) ?? "system";
}

/** Paper is white. */
function paint(shade: Shade): void {
  const root = document.documentElement;
  root.dataset.shade = shade;
  root.style.colorScheme = shade;
  for (const [name, value] of Object.entries(variablesOf(shade)))
    root.style.setProperty(name, value);
}

/** Gives everything below its colours and the words of its language. */
export function Looked({ children }: { children: ReactNode }) {
  const { i18n } = useTranslation();
  const [look, setLook] = useState(kept);
  const night = useMedia(DARK);
  const still = useMedia(STILL);
  const shade: Shade = look === "system" ? (night ? "dark" : "light") : look;
  // Before anything is painted, so that no page flashes in the other look.
  useLayoutEffect(() => {
    const paper = matchMedia(PAPER);
    const follow = () => paint(paper.matches ? "light" : shade);
    follow();
    paper.addEventListener("change", follow);
    return () => paper.removeEventListener("change", follow);
  }, [shade]);
  const value = useMemo(() => {
    const choose = (next: Look) => {
      localStorage.setItem(KEPT, next);
      setLook(next);
    };
    return { look, shade, choose };
  }, [look, shade]);
  return (
    <Context value={value}>
      <ConfigProvider
        theme={themeOf(shade, still)}
        locale={wordsOfComponents(i18n.language as Language)}
        button={{ autoInsertSpace: false }}
      >
        <Notes>{children}</Notes>
      </ConfigProvider>
    </Context>
  );
}
