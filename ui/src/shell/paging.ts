import { type QueryKey, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";

interface Part<Row> {
  items: Row[];
  next: string | null;
}

/** A list that comes page by page: the rows so far, and how to get more. */
export function usePages<Row>(key: QueryKey, ask: (cursor?: string) => Promise<Part<Row>>) {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => ask(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (part) => part.next ?? undefined,
    staleTime: 30_000,
  });
  const rows = useMemo(() => query.data?.pages.flatMap((part) => part.items), [query.data]);
  return {
    data: rows,
    error: query.error,
    refetch: query.refetch,
    busy: query.isFetchingNextPage,
    more: query.hasNextPage ? () => void query.fetchNextPage() : undefined,
  };
}
