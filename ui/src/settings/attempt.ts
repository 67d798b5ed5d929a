import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

/** Tries to change something and then reads anew what is shown; keeps what went wrong. */
export function useAttempt(key: string[]) {
  const client = useQueryClient();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const attempt = async (work: () => Promise<unknown>): Promise<boolean> => {
    setBusy(true);
    try {
      await work();
      setError(undefined);
      await client.invalidateQueries({ queryKey: key });
      return true;
    } catch (problem) {
      setError(problem);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { attempt, busy, error };
}
