import type { Database } from '@postern/database';
import type { directory, providers } from '@postern/proto';
import { asService, type Call, type Client } from '@postern/rpc';
import { type Assignments, findOAuth2Providers } from '../../providers/index.ts';
import type { Issued } from './record.operations.ts';

/** Whose something is, and whose client it was issued to. */
export type RecordView = (issued: readonly Issued[], call: Call) => Promise<providers.IssuedToken[]>;

export type RecordViewDeps = {
  readonly db: Database;
  readonly users: Pick<Client<directory.UserDirectoryServiceDefinition>, 'batchGetUsers'>;
  readonly assignments: Assignments;
};

/** Users that one call asks for. */
const BATCH = 1_000;

/** Creates the view: users and providers in full, a page at a time. What belongs to a user who is gone is about to go, too, and is left out. */
export function createRecordView({ db, users, assignments }: RecordViewDeps): RecordView {
  async function findUsers(keys: readonly number[], call: Call): Promise<ReadonlyMap<number, directory.User>> {
    const wanted = [...new Set(keys)];
    const found = new Map<number, directory.User>();
    for (let start = 0; start < wanted.length; start += BATCH) {
      const pks = wanted.slice(start, start + BATCH);
      const answer = await users.batchGetUsers({ pks }, asService(call.context.tenant, call));
      for (const user of answer.users) found.set(user.pk, user);
    }
    return found;
  }

  return async (issued, call) => {
    const clients = await db.read(call.context, (em) =>
      findOAuth2Providers(
        { em, call, assignments, secrets: db.secrets },
        issued.map(({ provider }) => provider),
      ),
    );
    const people = await findUsers(
      issued.map(({ user }) => user),
      call,
    );
    return issued.flatMap((one) => {
      const [provider, user] = [clients.get(one.provider), people.get(one.user)];
      return provider && user ? [encode(one, provider, user)] : [];
    });
  };
}

function encode(
  { pk, isExpired, expires, scopes, claims, isRevoked }: Issued,
  provider: providers.OAuth2Provider,
  user: directory.User,
): providers.IssuedToken {
  return {
    pk,
    provider,
    user,
    is_expired: isExpired,
    expires: expires.toISOString(),
    scope: [...scopes],
    id_token: JSON.stringify(JSON.parse(claims ?? '{}'), null, 4),
    revoked: isRevoked,
  };
}
