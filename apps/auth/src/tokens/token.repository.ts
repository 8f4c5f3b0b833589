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
};

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
    /** Writes what changed. Throws the field error of a constraint. */
    async store(): Promise<void> {
      await em.flush().catch(onConstraint(TOKEN_CONSTRAINTS));
    },
    /** The token of one intent that these hashes of a key name, while it has not expired. */
    async findPresented(hashes: readonly string[], intent: string, now: Date): Promise<PresentedToken | undefined> {
      const places = hashes.map(() => '?').join(', ');
      // Plain SQL answers times as text; milliseconds are what a Date is made of.
      const [row] = await em.execute<(Omit<PresentedToken, 'expires'> & { expires: number | null })[]>(
        prepared(`select pk, user_pk as "user", identifier, expiring, (extract(epoch from expires) * 1000)::float8 as expires
         from token where key_hash in (${places}) and intent = ? and (not expiring or expires > ?)`),
        [...hashes, intent, now],
      );
      return row && { ...row, expires: new Date(row.expires ?? 0) };
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
    async remove(row: TokenRow): Promise<void> {
      await em.remove(row).flush();
    },
  };
}
