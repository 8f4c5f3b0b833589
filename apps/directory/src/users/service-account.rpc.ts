import { type Database, onConstraint } from '@postern/database';
import type { Outbox } from '@postern/messaging';
import { directory } from '@postern/proto';
import { eventContext } from '@postern/resource';
import { type BoundService, bind, type Call } from '@postern/rpc';
import type { JsonObject } from '../attributes/index.ts';
import { userErrors } from './user.errors.ts';
import { userCreated } from './user.events.ts';
import { addUser, findNamed, markSignedIn } from './user.repository.ts';

/** What keeping accounts for other services needs. */
export type KeptAccountDeps = {
  readonly db: Database;
  readonly outbox: Outbox;
  readonly clock: { now(): Date };
};

const GENERATED = 'goauthentik.io/user/generated';
const EXPIRES = 'goauthentik.io/user/expires';
/** Who an account was made for. Nobody who can choose a name gets at an account by it. */
const OWNER = 'postern/service-account/owner';

/** Keeps accounts of programs for other services. One that was not made for who asks is never handed out, whatever its name. */
export function createKeptAccountRpc({ db, outbox, clock }: KeptAccountDeps): BoundService {
  const keep = (request: directory.KeepServiceAccountRequest, call: Call) =>
    db.write(call.context, async (em) => {
      const { owner, username, name, path, expires, signed_in } = request;
      const now = clock.now();
      const known = await findNamed(em, username);
      if (known) {
        const isTheirs = known.type === 'service_account' && known.attributes[OWNER] === owner;
        if (!isTheirs) throw userErrors.SERVICE_ACCOUNT_NAME_TAKEN();
        if (signed_in) await markSignedIn(em, known.pk, now);
        return { user: known.pk, created: false };
      }
      const attributes = attributesOf(owner, expires);
      const account = { username, name, path, attributes, type: 'service_account' } as const;
      const lastLogin = signed_in ? { lastLogin: now } : {};
      const taken = { user_account__username: userErrors.SERVICE_ACCOUNT_NAME_TAKEN };
      const user = await addUser(em, { ...account, ...lastLogin }).catch(onConstraint(taken));
      await outbox.record(em, eventContext(call), userCreated(user));
      return { user: user.pk, created: true };
    });

  return bind(directory.ServiceAccountServiceDefinition, {
    keepServiceAccount: (request, call) =>
      keep(request, call).catch((error: unknown) => {
        if (!userErrors.SERVICE_ACCOUNT_NAME_TAKEN.is(error)) throw error;
        // Perhaps by the same account, made for the same owner a moment ago: who looks again knows.
        return keep(request, call);
      }),
  });
}

function attributesOf(owner: string, expires: string | undefined): JsonObject {
  const attributes = { [GENERATED]: true, [OWNER]: owner };
  if (expires === undefined) return attributes;
  return { ...attributes, [EXPIRES]: Math.floor(new Date(expires).getTime() / 1000) };
}
