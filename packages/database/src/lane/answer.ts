import type { Connection, Submittable } from 'pg';

/** A row as the driver reads it. */
export type Row = Record<string, unknown>;

/** What a statement answered. */
export type Answer = {
  readonly rows: Row[];
  /** Rows that it changed; undefined for one that changes none. */
  readonly affected: number | undefined;
};

/** The names and readers of the columns of a statement. */
export type Shape = readonly { readonly name: string; readonly read: (text: string) => unknown }[];

/** What an exchange with the server is made of. */
export type ExchangeOptions = {
  /** The text of one or several statements, or the messages of prepared ones. */
  readonly message: string | Buffer;
  /** Which of the statements is asked for its answer, from 0. */
  readonly wanted: number;
  /** Its columns, where they are known; else the server describes them. */
  readonly shape?: Shape | undefined;
  /** How a type of PostgreSQL is read. */
  reader(type: number): (text: string) => unknown;
  /** Told the answer, and the columns that it had. */
  resolve(answer: Answer, shape: Shape): void;
  reject(error: Error): void;
};

type Field = { readonly name: string; readonly dataTypeID: number };

const CHANGE = /^(?:INSERT|UPDATE|DELETE|MERGE)\b.* (\d+)$/;

/**
 * A query of the driver that sends several statements in one message and reads the answer of one of them. The statements of a transaction
 * travel together; the server goes on until one fails.
 */
export class Exchange implements Submittable {
  readonly #options: ExchangeOptions;
  readonly #rows: Row[] = [];
  #shape: Shape;
  #at = 0;
  #tag = '';
  #isOver = false;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.#shape = options.shape ?? [];
  }

  submit(connection: Connection): void {
    const { message } = this.#options;
    if (typeof message === 'string') connection.query(message);
    else connection.stream.write(message);
  }

  handleRowDescription({ fields }: { fields: readonly Field[] }): void {
    const { wanted, reader } = this.#options;
    if (this.#at === wanted) this.#shape = fields.map(({ name, dataTypeID }) => ({ name, read: reader(dataTypeID) }));
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    if (this.#at !== this.#options.wanted) return;
    const row: Row = {};
    let index = 0;
    for (const { name, read } of this.#shape) {
      const text = fields[index] ?? null;
      row[name] = text === null ? null : read(text);
      index += 1;
    }
    this.#rows.push(row);
  }

  handleCommandComplete({ text }: { text: string }): void {
    if (this.#at === this.#options.wanted) this.#tag = text;
    this.#at += 1;
  }

  handleEmptyQuery(): void {
    this.#at += 1;
  }

  handleReadyForQuery(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const count = CHANGE.exec(this.#tag)?.[1];
    const affected = count === undefined ? undefined : Number(count);
    this.#options.resolve({ rows: this.#rows, affected }, this.#shape);
  }

  handleError(error: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#options.reject(error);
  }

  // The driver has these of every query; none of ours reads in portions or copies.
  handlePortalSuspended(): void {}

  handleCopyInResponse(): void {}

  handleCopyData(): void {}
}
