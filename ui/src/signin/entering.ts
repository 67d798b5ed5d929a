import { useRouter } from "@tanstack/react-router";
import { speak } from "../i18n";
import { type Session, useSigned } from "../shell/session";

/** Go in as who was let in, to where they wanted to go. */
export function useEntering(): (found: Session, back: string) => Promise<void> {
  const signed = useSigned();
  const router = useRouter();
  return async (found, back) => {
    if (found.language) await speak(found.language);
    signed(found);
    // Only addresses of this site: what stands in a link may come from anyone.
    router.history.push(/^\/(?![/\\])/.test(back) ? back : "/");
  };
}
