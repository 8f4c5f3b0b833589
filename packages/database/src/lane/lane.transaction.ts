import type { Pool, PoolClient } from 'pg';
import type { OwedCommits } from '../packed-transactions.ts';
import type { QueryTiming } from '../query-timing.ts';
import type { Answer, Row } from './answer.ts';
import { createSavepoints, type Savepoints } from './savepoints.ts';
import type { Statement } from './statement.ts';
import type { Beginning, Talk } from './talk.ts';
import type { Parameter } from './wire.messages.ts';

/** What transactions of a lane share. */
export type LaneDeps = {
  readonly pool: Pick<Pool, 'connect'>;
  readonly talk: Talk;
  readonly owed: OwedCommits;
  /** Told about every statement. */
  readonly onQuery?: ((timing: QueryTiming) => void) | undefined;
  statementOf(sql: string): Statement;
};

type Standing = 'new' | 'open' | 'over';

/** A transaction with no layer between it and the driver. It takes a connection when it says something, and the mapper runs its own statements in it. */
export class LaneTransaction {
  readonly #deps: LaneDeps;
  readonly #beginning: Beginning;
  #standing: Standing = 'new';
  #client: PoolClient | undefined;
  #last: Promise<unknown> | undefined;
  #savepoints: Savepoints | undefined;
  #isBroken = false;

  constructor(deps: LaneDeps, beginning: Beginning) {
    this.#deps = deps;
    this.#beginning = beginning;
  }

  /** Runs a statement, after those before it. */
  async run(sql: string, values: readonly Parameter[]): Promise<Answer> {
    const { onQuery } = this.#deps;
    if (onQuery === undefined) return this.#queue(sql, values);
    const start = performance.now();
    const tell = (failed: boolean) => onQuery({ sql, milliseconds: performance.now() - start, failed });
    try {
      const answer = await this.#queue(sql, values);
      tell(false);
      return answer;
    } catch (error) {
      tell(true);
      throw error;
    }
  }

  #queue(sql: string, values: readonly Parameter[]): Promise<Answer> {
    const answer = this.#last === undefined ? this.#say(sql, values) : this.#last.then(() => this.#say(sql, values));
    // One after the other, as the driver wants it.
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  /** For the mapper, which tells about its statements itself: runs one whose values stand in its text. */
  async executeQuery({ sql }: { readonly sql: string }): Promise<{ rows: Row[]; numAffectedRows?: bigint }> {
    const { rows, affected } = await this.#queue(sql, []);
    return affected === undefined ? { rows } : { rows, numAffectedRows: BigInt(affected) };
  }

  /**
   * Runs `work` inside the transaction so that what it did is taken back when it throws. Pieces of work lie one behind or within the other, never across.
   * After one that could not be taken back the transaction can only be rolled back.
   */
  async piece<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#savepoints ??= createSavepoints();
    const savepoints = this.#savepoints;
    const name = savepoints.set();
    try {
      const result = await work();
      await this.#last;
      savepoints.release(name);
      return result;
    } catch (error) {
      await this.#last;
      const word = savepoints.rollback(name);
      if (word !== undefined) await this.#takeBack(word);
      throw error;
    }
  }

  async #takeBack(word: string): Promise<void> {
    try {
      await this.#queue(word, []);
    } catch {
      this.#isBroken = true;
    }
  }

  /** Throws when it holds a piece of work that should have been taken back. */
  async commit(): Promise<void> {
    await this.#last;
    if (this.#isBroken) throw new TypeError('a piece of the transaction could not be taken back');
    const [client, standing] = [this.#client, this.#standing];
    this.#standing = 'over';
    if (client === undefined) return;
    if (standing === 'open' && this.#beginning.readOnly === true) this.#deps.owed.owe(client);
    else if (standing === 'open') await this.#end(client, 'commit');
    this.#release();
  }

  async rollback(): Promise<void> {
    await this.#last;
    const [client, standing] = [this.#client, this.#standing];
    this.#standing = 'over';
    if (client === undefined) return;
    // On a connection that is gone there is nothing left to take back.
    if (standing === 'open') await this.#end(client, 'rollback').catch(() => this.#release(true));
    this.#release();
  }

  async #say(sql: string, values: readonly Parameter[]): Promise<Answer> {
    const { pool, talk, statementOf } = this.#deps;
    if (this.#standing === 'over') throw new TypeError('the transaction is over');
    if (this.#isBroken) throw new TypeError('a piece of the transaction could not be taken back');
    this.#client ??= await pool.connect();
    const statement = statementOf(sql);
    const isFirst = this.#standing === 'new';
    // Others follow, whatever the statement says of itself.
    const isLast = statement.isLast && this.#savepoints === undefined;
    const isAlone = isFirst && isLast && this.#isPlain();
    if (!isAlone) this.#standing = 'open';
    const answer = await talk(this.#client, {
      statement: isLast === statement.isLast ? statement : { ...statement, isLast },
      values,
      begins: isFirst ? this.#beginning : undefined,
      words: this.#savepoints?.take(),
      isAlone,
    });
    if (isLast) this.#standing = 'over';
    return answer;
  }

  /** The transaction that the server makes around a message is one that writes and reads what is committed. */
  #isPlain(): boolean {
    const { readOnly, isolation } = this.#beginning;
    return readOnly !== true && isolation === undefined;
  }

  async #end(client: PoolClient, word: 'commit' | 'rollback'): Promise<void> {
    const { command } = await client.query(word);
    // The server ends what has failed by taking it back, and calls that no error.
    if (this.#savepoints !== undefined && word === 'commit' && command !== 'COMMIT')
      throw new TypeError('the transaction had failed, and was taken back');
  }

  #release(isBroken = false): void {
    this.#client?.release(isBroken);
    this.#client = undefined;
  }
}
