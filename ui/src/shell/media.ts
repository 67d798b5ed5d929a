import { useEffect, useState } from "react";

export const DARK = "(prefers-color-scheme: dark)";
export const STILL = "(prefers-reduced-motion: reduce)";

/** Does what the system is set to match now? */
export function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const follow = () => setMatches(media.matches);
    media.addEventListener("change", follow);
    return () => media.removeEventListener("change", follow);
  }, [query]);
  return matches;
}
