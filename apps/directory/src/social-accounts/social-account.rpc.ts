import { type Database, referable } from '@postern/database';
import { common } from '@postern/errors';
import type { Outbox } from '@postern/messaging';
import { directory } from '@postern/proto';
import { eventContext, type Neighbours } from '@postern/resource';
import { type BoundService, bind, type Call } from '@postern/rpc';
import { getUser, lockUser, userFacts } from '../users/index.ts';
import { SocialAccount, type SocialAccountEntity } from './social-account.entity.ts';
import { socialAccountErrors } from './social-account.errors.ts';
import { connected, disconnected } from './social-account.events.ts';
import { accountsOf, addAccount, findOwner, lockAccount, markUsed } from './social-account.repository.ts';

const MESSAGE = 'postern.directory.v1.SocialAccount';

/** Accounts elsewhere, as they refer to their sources. */
export const socialAccountReferable = referable({
  model: 'authentik_core.usersourceconnection',
  type: MESSAGE,
  entity: SocialAccount,
  title: ({ display, uid }) => display || uid,
});

/** What accounts elsewhere need. */
export type SocialAccountDeps = {
  readonly db: Database;
  readonly outbox: Outbox;
  readonly clock: { now(): Date };
  readonly ids: { next(): string };
  readonly neighbours: Pick<Neighbours, 'require'>;
};

/** Accounts elsewhere, for the services that sign people in by them. */
export function bindSocialAccounts({ db, outbox, clock, ids, neighbours }: SocialAccountDeps): BoundService {
  async function connect(account: directory.SocialAccount, call: Call): Promise<directory.SocialAccount> {
    await neighbours.require(MESSAGE, account, undefined, call);
    const { user: pk, source, uid, display, details = {} } = account;
    return db.write(call.context, async (em) => {
      const user = await lockUser(em, pk);
      const known = await lockAccount(em, account);
      if (known === null) {
        const added = await addAccount(em, { pk: ids.next(), user: pk, source, uid, display, details });
        await outbox.record(em, eventContext(call), connected({ user: userFacts(user), source, uid }));
        return encode(added);
      }
      if (known.user.pk !== pk) throw socialAccountErrors.SOCIAL_ACCOUNT_TAKEN();
      Object.assign(known, { display, details });
      await em.flush();
      return encode(known);
    });
  }

  return bind(directory.SocialAccountServiceDefinition, {
    listSocialAccounts: ({ user }, { context }) =>
      db.read(context, async (em) => {
        await getUser(em, user);
        return { accounts: (await accountsOf(em, user)).map(encode) };
      }),
    connectSocialAccount: async ({ account }, call) => {
      if (account === undefined) throw common.INVALID_ARGUMENT();
      return connect(account, call);
    },
    disconnectSocialAccount: ({ user: pk, keep_one_of: kept, ...name }, call) =>
      db.write(call.context, async (em) => {
        // Of two accounts that go at once the second one waits here, and sees that it is the last.
        const user = await lockUser(em, pk);
        const known = await lockAccount(em, name);
        if (known?.user.pk !== pk) throw common.NOT_FOUND();
        if (kept.length > 0 && !(await accountsOf(em, pk)).some((one) => one !== known && kept.includes(one.source)))
          throw socialAccountErrors.SOCIAL_ACCOUNT_LAST();
        const { source, uid } = known;
        await outbox.record(em, eventContext(call), disconnected({ user: userFacts(user), source, uid }));
        em.remove(known);
        await em.flush();
        return {};
      }),
    findBySocialAccount: ({ used, ...name }, { context }) =>
      db[used ? 'write' : 'read'](context, async (em) => {
        const pk = await findOwner(em, name);
        if (pk === undefined) return { user: undefined };
        if (used) await markUsed(em, name, clock.now());
        return { user: userFacts(await getUser(em, pk)) };
      }),
  });
}

function encode({
  pk,
  user,
  source,
  uid,
  display,
  details,
  created,
  lastUsed,
  number,
}: SocialAccountEntity): directory.SocialAccount {
  const times = { connected: created.toISOString(), last_used: lastUsed?.toISOString() };
  return { pk, user: user.pk, source, uid, display, details, ...times, number: number ?? 0 };
}
