import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Trouble } from '../../settings/outcome.ts';
import { useAdmin } from '../admin.context.ts';
import { ReadError, read } from '../admin.query.ts';
import { arranged, type ListState, type Row, rowPage } from './row.ts';

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
  const query = useMemo(() => new URLSearchParams({ ...state, ...fixed }).toString(), [state, fixed]);
  const pages = useStill(Math.floor(drawn.first / PAGE) + 1, Math.floor(Math.max(0, drawn.end - 1) / PAGE) + 1);
  const answers = useQueries({
    queries: pages.map((page) => ({
      queryKey: ['rows', path, query, page],
      queryFn: async ({ signal }: { signal: AbortSignal }) =>
        rowPage(await read(api, `${path}?${query}${query && '&'}page=${page}&page_size=${PAGE}`, signal)),
      enabled: isPaged,
    })),
  });
  const known = useRef<{ of: string; count: number | undefined }>({ of: '', count: undefined });
  const count = answers.find(({ data }) => data)?.data?.count;
  const subject = `${path}?${query}`;
  if (count !== undefined) known.current = { of: subject, count };
  const failed = answers.find(({ error }) => error)?.error;
  return {
    count: known.current.of === subject ? known.current.count : undefined,
    at: (index) => answers[pages.indexOf(Math.floor(index / PAGE) + 1)]?.data?.rows[index % PAGE],
    trouble: troubleIn(failed),
    isBusy: answers.some(({ isFetching }) => isFetching),
    retry: () => answers.forEach(({ refetch }) => void refetch()),
  };
}

/** The pages from one to another, once they have stopped changing: a list that flies by asks for nothing. */
function useStill(first: number, last: number): readonly number[] {
  const [pages, setPages] = useState([first, last] as const);
  useEffect(() => {
    const timer = setTimeout(() => setPages([first, last]), STILL);
    return () => clearTimeout(timer);
  }, [first, last]);
  return useMemo(() => Array.from({ length: pages[1] - pages[0] + 1 }, (_, index) => pages[0] + index), [pages]);
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
