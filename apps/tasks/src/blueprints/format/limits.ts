/** How large a blueprint may be. */
export type Limits = {
  /** Bytes of the document. */
  readonly bytes: number;
  /** Levels of maps and lists below each other. */
  readonly depth: number;
  /** Values, with those that aliases repeat. */
  readonly nodes: number;
  /** Entries. */
  readonly entries: number;
};

/** 1 MiB, 50 levels, 100,000 values, 10,000 entries. */
export const DEFAULT_LIMITS: Limits = { bytes: 1024 ** 2, depth: 50, nodes: 100_000, entries: 10_000 };
