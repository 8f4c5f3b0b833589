import { type Database, type EntityManager, prepared } from '@postern/database';
import { EMPTY_STATE, type HeadlessState } from './headless.state.ts';

/** A session of a client, as it was read. */
export type StoredSession = {
  readonly key: string;
  /** Who is signed in; null for nobody. */
  readonly user: number | null;
  readonly version: number;
  readonly state: HeadlessState;
};

/** What is to be stored. */
export type SessionChange = {
  readonly key: string;
  readonly user: number | null;
  readonly state: HeadlessState;
  readonly expires: Date;
};

/** The sessions of clients. Whoever changes one names the version they read: of two at once one has to begin again. */
export type HeadlessSessions = {
  find(tenant: string, key: string, now: Date): Promise<StoredSession | undefined>;
  add(tx: EntityManager, session: SessionChange): Promise<void>;
  /** Makes everybody else who wants to change a session wait; false when somebody has changed it already. */
  claim(tx: EntityManager, read: StoredSession): Promise<boolean>;
  /** Stores a change, perhaps under another key; false when somebody changed it before. */
  change(tx: EntityManager, read: StoredSession, change: SessionChange): Promise<boolean>;
  /** Removes a session that is still as it was read; false when it is not. */
  remove(tx: EntityManager, read: StoredSession): Promise<boolean>;
  /** Forgets sessions that are over: their tokens are unknown from then on. */
  forget(tx: EntityManager, keys: readonly string[]): Promise<void>;
};

const LABEL = 'headless_session.state';
const FIND = prepared(
  'select key, user_pk as "user", version, state from headless_session where key = ? and expires > ?',
);
const ADD = prepared(
  'insert into headless_session (pk, key, user_pk, state, expires) values (gen_random_uuid(), ?, ?, ?, ?)',
);
const CHANGE =
  prepared(`update headless_session set key = ?, user_pk = ?, state = ?, expires = ?, version = version + 1, updated = now()
  where key = ? and version = ? returning 1`);
const CLAIM = prepared('select 1 from headless_session where key = ? and version = ? for update');
const FORGET = prepared('delete from headless_session where key = ?');
const REMOVE = prepared('delete from headless_session where key = ? and version = ? returning 1');

/** Creates the store. */
export function createHeadlessSessions({
  statement,
  secrets,
}: Pick<Database, 'statement' | 'secrets'>): HeadlessSessions {
  const sealed = (state: HeadlessState) => secrets.seal(JSON.stringify(state), LABEL);
  return {
    async find(tenant, key, now) {
      const [row] = await statement<Omit<StoredSession, 'state'> & { state: string }>({ tenant }, FIND, [key, now]);
      return row && { ...row, state: { ...EMPTY_STATE, ...JSON.parse(secrets.open(row.state, LABEL)) } };
    },
    async add(tx, { key, user, state, expires }) {
      await tx.execute(ADD, [key, user, sealed(state), expires]);
    },
    async claim(tx, { key, version }) {
      return (await tx.execute<unknown[]>(CLAIM, [key, version])).length > 0;
    },
    async change(tx, read, { key, user, state, expires }) {
      const values = [key, user, sealed(state), expires, read.key, read.version];
      return (await tx.execute<unknown[]>(CHANGE, values)).length > 0;
    },
    async forget(tx, keys) {
      for (const key of keys) await tx.execute(FORGET, [key]);
    },
    async remove(tx, { key, version }) {
      return (await tx.execute<unknown[]>(REMOVE, [key, version])).length > 0;
    },
  };
}
