/** Things that others make and that count once: the ids of assertions, of proofs of possession, of id tokens that people sign in by. */

import { createHash } from 'node:crypto';
import type { Database } from '@postern/database';
import { insertOnce } from './once.repository.ts';

export { OnceEntity } from './once.entity.ts';

/** Something to use up: what kind of thing it is, who made it, its id, and when it is worth nothing anyway. */
export type OnceUse = {
  readonly kind: 'client_assertion' | 'dpop' | 'request_object' | 'id_token';
  readonly maker: string;
  readonly id: string;
  readonly expires: Date;
};

/** Uses something up, by one statement. False when that was done before. */
export type Once = (tenant: string, use: OnceUse) => Promise<boolean>;

/** Creates the memory of what was used. Only digests are kept. */
export function createOnce({ db }: { db: Pick<Database, 'write'> }): Once {
  return (tenant, { kind, maker, id, expires }) => {
    const hash = createHash('sha256')
      .update(JSON.stringify([kind, maker, id]))
      .digest('base64url');
    return db.write({ tenant }, (em) => insertOnce(em, hash, expires));
  };
}
