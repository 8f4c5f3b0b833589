import { type EntityManager, onConstraint, prepared } from '@postern/database';
import { common } from '@postern/errors';
import { Token, type TokenRow } from './token.entity.ts';
import { TOKEN_CONSTRAINTS } from './token.errors.ts';
import type { Asker } from './token.rules.ts';

/** A token as presenting its key finds it. */
export type PresentedToken = {
  readonly pk: string;
  readonly user: number;
  readonly identifier: string;
  readonly expiring: boolean;
  readonly expires: Date;
  /** What it is as an access key; absent for other tokens. */
  readonly accessKey?: { readonly revoked: boolean; readonly lastSeen: string | null };
};

type FoundToken = Omit<PresentedToken, 'expires' | 'accessKey'> & {
  readonly expires: number | null;
  readonly revoked: boolean | null;
  readonly lastSeen: string | null;
};

/** Notes that an access key is used today, once. */
export const NOTE_SEEN = prepared(
  'update access_key set last_seen = ?::date where token_pk = ? and last_seen is distinct from ?::date',
);

/** The tokens of a transaction's tenant. */
export function tokensIn(em: EntityManager) {
  return {
    /** A token that the asker may act on. Throws NOT_FOUND, for those of others, too. */
    async get(identifier: string, asker: Pick<Asker, 'pk' | 'mayAll'>): Promise<TokenRow> {
      const row = await em.findOne(Token, { identifier });
      if (!row || !(asker.mayAll || row.user.pk === asker.pk)) throw common.NOT_FOUND();
      return row;
    },
    async getByPk(pk: string): Promise<TokenRow> {
      const row = await em.findOne(Token, { pk });
      if (!row) throw common.NOT_FOUND();
      return row;
    },
    /** The secret of a token as it is now; undefined where the token went meanwhile, as those of a deleted user do at any time. */
    async findKey(pk: string): Promise<string | undefined> {
      const row = await em.findOne(Token, { pk }, { fields: ['key'], refresh: true });
      return row?.key;
    },
    /** Writes what changed. Throws the field error of a constraint. */
    async store(): Promise<void> {
      await em.flush().catch(onConstraint(TOKEN_CONSTRAINTS));
    },
    /** The token of one intent that these hashes of a key name, while it has not expired. Access keys are found even then, and say what they are. */
    async findPresented(hashes: readonly string[], intent: string, now: Date): Promise<PresentedToken | undefined> {
      const places = hashes.map(() => '?').join(', ');
      // Plain SQL answers times as text; milliseconds are what a Date is made of.
      const [row] = await em.execute<FoundToken[]>(
        prepared(`select t.pk, t.user_pk as "user", t.identifier, t.expiring, (extract(epoch from t.expires) * 1000)::float8 as expires,
           k.revoked, k.last_seen::text as "lastSeen"
         from token t left join access_key k on k.tenant_id = t.tenant_id and k.token_pk = t.pk
         where t.key_hash in (${places}) and t.intent = ? and (not t.expiring or t.expires > ? or k.pk is not null)`),
        [...hashes, intent, now],
      );
      if (row === undefined) return undefined;
      const { revoked, lastSeen, ...token } = row;
      const found = { ...token, expires: new Date(row.expires ?? 0) };
      return revoked === null ? found : { ...found, accessKey: { revoked, lastSeen } };
    },
    /** What the owner of a token signs in as. */
    async ownerNameOf(pk: string): Promise<string | undefined> {
      const sql = 'select a.username from token t join account a on a.pk = t.user_pk where t.pk = ?';
      return (await em.execute<{ username: string }[]>(sql, [pk]))[0]?.username;
    },
    /** Tokens whose time has passed, the oldest first; nobody else changes them before the transaction ends. */
    async lockExpired(before: Date, limit: number): Promise<TokenRow[]> {
      const rows = await em.execute<{ pk: string }[]>(
        'select pk from token where expiring and expires <= ? order by expires limit ? for update skip locked',
        [before, limit],
      );
      return em.find(Token, { pk: { $in: rows.map(({ pk }) => pk) } });
    },
    /** Which of these tokens are access keys. */
    async accessKeysAmong(tokens: readonly TokenRow[]): Promise<ReadonlySet<string>> {
      const sql = 'select token_pk as pk from access_key where token_pk = any (?::uuid[])';
      const rows = await em.execute<{ pk: string }[]>(sql, [`{${tokens.map(({ pk }) => pk).join(',')}}`]);
      return new Set(rows.map(({ pk }) => pk));
    },
    async remove(row: TokenRow): Promise<void> {
      await em.remove(row).flush();
    },
  };
}
