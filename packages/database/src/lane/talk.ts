import type { PoolClient } from 'pg';
import type { OwedCommits } from '../packed-transactions.ts';
import { TENANT_SETTING } from '../tenancy.ts';
import { type Answer, Exchange, type Shape } from './answer.ts';
import type { Statement } from './statement.ts';
import { messagesOf, type Parameter, type Step } from './wire.messages.ts';

/** How a transaction begins: whose rows it sees, and what it may do. */
export type Beginning = {
  readonly tenant?: string | undefined;
  readonly readOnly?: boolean | undefined;
  readonly isolation?: string | undefined;
};

/** A statement that answers nothing, such as `savepoint`. It has no parameters. */
export type Word = string;

/** One statement on its way, and what of its transaction travels with it. */
export type Message = {
  readonly statement: Statement;
  readonly values: readonly Parameter[];
  /** What is to be said before it, where its transaction has not begun. */
  readonly begins?: Beginning | undefined;
  /** Words that are to be said before it. */
  readonly words?: readonly Word[];
  /** It is a transaction of its own: the server begins and ends one around the message. */
  readonly isAlone: boolean;
};

/** Says messages to connections. */
export type Talk = (client: PoolClient, message: Message) => Promise<Answer>;

export type TalkDeps = {
  readonly searchPath: string;
  readonly owed: OwedCommits;
  /** Writes values into a text. */
  format(sql: string, values: readonly Parameter[]): string;
};

/**
 * A statement that is prepared is one whose plan does not hang on its values: said once to each connection, so that it is not planned anew for the first of
 * them. Where a pooler gives the connection to another, that one does as well.
 */
const PLANNING = { name: 'planning', text: 'set plan_cache_mode = force_generic_plan', values: [] };
const COMMIT = { name: 'commit', text: 'commit' };
const SETTINGS = {
  tenant: {
    name: 'tenant',
    text: `select set_config('search_path', $1, true), set_config('${TENANT_SETTING}', $2, true)`,
  },
  nobody: { name: 'nobody', text: `select set_config('search_path', $1, true)` },
};

type Line = { readonly name: string; readonly text: string; readonly values: readonly Parameter[] };
type Known = Map<string, Shape>;

/**
 * Says a statement with the commit that its connection still owes, the beginning of its transaction and the commit that ends it, all in one message.
 * Statements that have a name are prepared on each connection when it first meets them.
 */
export function createTalk({ searchPath, owed, format }: TalkDeps): Talk {
  const memory = new WeakMap<PoolClient, Known>();
  const knownBy = (client: PoolClient): Known => {
    const found = memory.get(client) ?? new Map();
    if (found.size === 0) memory.set(client, found);
    return found;
  };

  const before = ({ begins, isAlone }: Message, owes: boolean): Line[] => {
    if (begins === undefined) return [];
    const { tenant } = begins;
    const setting = tenant === undefined ? SETTINGS.nobody : SETTINGS.tenant;
    return [
      ...(owes ? [{ ...COMMIT, values: [] }] : []),
      ...(isAlone ? [] : [beginningOf(begins)]),
      { ...setting, values: tenant === undefined ? [searchPath] : [searchPath, tenant] },
    ];
  };

  return (client, message) => {
    const { statement, values, isAlone, words = [] } = message;
    // A word has no name: there is nothing to plan, and each is said once.
    const ahead = [...before(message, owed.take(client)), ...words.map((text) => ({ name: '', text, values: [] }))];
    const behind = statement.isLast && !isAlone ? [{ ...COMMIT, values: [] }] : [];
    const { name, text } = statement;
    if (name === undefined) {
      const lines = [...ahead.map((line) => inlined(line)), format(text, values), ...behind.map((line) => line.text)];
      return exchange(client, lines.join('; '), ahead.length);
    }
    const known = knownBy(client);
    if (known.size === 0 && message.begins !== undefined) ahead.unshift(PLANNING);
    const steps = [...ahead, { name, text, values }, ...behind].map(
      (line): Step => (known.has(line.name) ? { ...line, text: undefined } : line),
    );
    const isNew = steps.some((step) => step.text !== undefined);
    return exchange(client, messagesOf(steps), ahead.length, known.get(name), (shape) => {
      if (!isNew) return;
      for (const step of steps) if (step.name !== '') known.set(step.name, []);
      known.set(name, shape);
    }).catch((error: unknown) => {
      if (isForgotten(error)) known.clear();
      throw error;
    });
  };
}

function beginningOf({ readOnly, isolation }: Beginning): Line {
  const level = isolation === undefined ? '' : ` isolation level ${isolation}`;
  const text = `begin${level}${readOnly === true ? ' read only' : ''}`;
  return { name: text.replaceAll(' ', '_'), text, values: [] };
}

/** The settings are ours and hold no quotes but those of the search path, which are double. */
function inlined({ text, values }: Line): string {
  return text.replaceAll(
    /\$(\d)/g,
    (_, number: string) => `'${String(values[Number(number) - 1]).replaceAll("'", "''")}'`,
  );
}

function exchange(
  client: PoolClient,
  message: string | Buffer,
  wanted: number,
  shape?: Shape,
  onShape?: (shape: Shape) => void,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    client.query(
      new Exchange({
        message,
        wanted,
        shape,
        reader: (type) => client.getTypeParser(type, 'text'),
        resolve: (answer, seen) => {
          onShape?.(seen);
          resolve(answer);
        },
        reject,
      }),
    );
  });
}

/** The server does not know a statement any more, or its table has changed: prepared anew, it works. */
export function isForgotten(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return error.code === '26000' || (error.code === '0A000' && error.message.includes('cached plan'));
}
