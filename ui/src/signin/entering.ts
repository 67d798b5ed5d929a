import { useRouter } from "@tanstack/react-router";
import { LANGUAGES, speak } from "../i18n";
import { type Session, useSigned } from "../shell/session";

/** Go in as who was let in, to where they wanted to go. */
export function useEntering(): (found: Session, back: string) => Promise<void> {
  const signed = useSigned();
  const router = useRouter();
  return async (found, back) => {
    const language = LANGUAGES.find((one) => one === found.language);
    if (language) await speak(language);
    signed(found);
    // Only addresses of this site: what stands in a link may come from anyone.
    router.history.replace(/^\/(?![/\\])/.test(back) ? back : "/");
  };
}
