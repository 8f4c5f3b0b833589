import { listErrors } from './list.errors.ts';

/** Where a page stands in its list, as the contract names it. */
export type Pagination = {
  next: number;
  previous: number;
  count: number;
  current: number;
  total_pages: number;
  start_index: number;
  end_index: number;
};

const DEFAULT_SIZE = 100;

/** Rows per page: 100 unless the caller asks for another positive number; nonsense means 100. */
export function readSize(value: unknown): number {
  const size = Number(value ?? 0);
  return Number.isSafeInteger(size) && size > 0 ? size : DEFAULT_SIZE;
}

/** Number of the page that is asked for: from 1, or `last`. Throws INVALID_PAGE for anything else. */
export function readPage(value: unknown, totalPages: number): number {
  if (value === undefined || value === null || value === '') return 1;
  if (value === 'last') return totalPages;
  const page = /^\d+$/.test(String(value).trim()) ? Number(value) : 0;
  if (page < 1 || !Number.isSafeInteger(page)) throw listErrors.INVALID_PAGE();
  return page;
}

/** Pages of a list; an empty list has one. */
export function pagesOf(count: number, size: number): number {
  return Math.max(1, Math.ceil(count / size));
}

/** Describes page `current` that holds `length` rows. */
export function paginate(count: number, size: number, current: number, length: number): Pagination {
  const total = pagesOf(count, size);
  return {
    next: current < total ? current + 1 : 0,
    previous: current > 1 ? current - 1 : 0,
    count,
    current,
    total_pages: total,
    start_index: length > 0 ? (current - 1) * size + 1 : 0,
    end_index: length > 0 ? (current - 1) * size + length : 0,
  };
}
