import { keepPreviousData, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Trouble } from '../../settings/outcome.ts';
import { useAdmin } from '../admin.context.ts';
import { ReadError, read } from '../admin.query.ts';
import { arranged, type ListState, type Row, type RowPage, rowPage } from './row.ts';

/** Rows that one request brings. */
const PAGE = 50;
/** How long the list has to stand still, in milliseconds, before rows are fetched that it passes by. */
const STILL = 90;

export type Rows = {
  /** The length of the whole list; undefined before anything is known. */
  readonly count: number | undefined;
  /** The row, or undefined while it is on its way. */
  readonly at: (index: number) => Row | undefined;
  readonly trouble: Trouble | undefined;
  readonly isBusy: boolean;
  readonly retry: () => void;
};

type RowsWanted = {
  /** Address of the list, without the query. */
  readonly path: string;
  readonly state: ListState;
  /** What holds whatever the state says. */
  readonly fixed?: ListState;
  readonly isPaged: boolean;
  /** The rows that are drawn, from `first` up to and without `end`. */
  readonly drawn: { readonly first: number; readonly end: number };
};

/** The rows of a list that are drawn, fetched page by page as they come into sight. */
export function useRows(wanted: RowsWanted): Rows {
  const paged = usePagedRows(wanted);
  const whole = useWholeList(wanted);
  return wanted.isPaged ? paged : whole;
}

function usePagedRows({ path, state, fixed, isPaged, drawn }: RowsWanted): Rows {
  const { api } = useAdmin();
  const queries = useQueryClient();
  const query = useMemo(() => new URLSearchParams({ ...state, ...fixed }).toString(), [state, fixed]);
  const [first, last] = [pageAt(drawn.first), pageAt(Math.max(0, drawn.end - 1))];
  const asked = useAsked(first, last);
  const wanted = useMemo(
    () =>
      pagesBetween(asked.from, asked.to).map((page) => ({
        queryKey: pageKey(path, query, page),
        queryFn: async ({ signal }: { signal: AbortSignal }) =>
          rowPage(await read(api, `${path}?${query}${query && '&'}page=${page}&page_size=${PAGE}`, signal)),
        enabled: isPaged,
      })),
    [api, asked, isPaged, path, query],
  );
  const answers = useQueries({ queries: wanted });
  const subject = `${path}?${query}`;
  const known = useRef<{ of: string; count: number | undefined }>({ of: '', count: undefined });
  const count = answers.find(({ data }) => data)?.data?.count;
  if (count !== undefined) known.current = { of: subject, count };
  // What was read before is there at once, although the list has not come to rest.
  const there = new Map(
    pagesBetween(first, last).map((page) => [page, queries.getQueryData<RowPage>(pageKey(path, query, page))]),
  );
  const failed = answers.find(({ error }) => error)?.error;
  return {
    count: known.current.of === subject ? known.current.count : undefined,
    at: (index) => there.get(pageAt(index))?.rows[index % PAGE],
    trouble: troubleIn(failed),
    isBusy: answers.some(({ isFetching }) => isFetching),
    retry: () => answers.forEach(({ refetch }) => void refetch()),
  };
}

const pageAt = (row: number) => Math.floor(row / PAGE) + 1;
const pagesBetween = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const pageKey = (path: string, query: string, page: number) => ['rows', path, query, page] as const;

/** The pages to ask for: those that are drawn, once they have stopped changing. A list that flies by asks for nothing. */
function useAsked(from: number, to: number): { readonly from: number; readonly to: number } {
  const [asked, setAsked] = useState({ from, to });
  useEffect(() => {
    const timer = setTimeout(() => setAsked({ from, to }), STILL);
    return () => clearTimeout(timer);
  }, [from, to]);
  return asked;
}

function useWholeList({ path, state, fixed, isPaged }: RowsWanted): Rows {
  const { api } = useAdmin();
  const query = new URLSearchParams(fixed).toString();
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['rows', path, query, 'all'],
    queryFn: async ({ signal }) => rowPage(await read(api, `${path}${query && `?${query}`}`, signal)),
    enabled: !isPaged,
    placeholderData: keepPreviousData,
  });
  const rows = useMemo(() => data && arranged(data.rows, state), [data, state]);
  return {
    count: rows?.length,
    at: (index) => rows?.[index],
    trouble: troubleIn(error),
    isBusy: isFetching,
    retry: () => void refetch(),
  };
}

function troubleIn(error: Error | null | undefined): Trouble | undefined {
  if (!error) return undefined;
  return error instanceof ReadError ? error.trouble : 'server';
}
