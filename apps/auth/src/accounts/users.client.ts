import { invalidField } from '@postern/errors';
import { directory } from '@postern/proto';
import { asService, type Call, type Client, isVouched } from '@postern/rpc';

/** Users in full, as the directory knows them: whose a token is, who consented. */
export type Users = {
  /** Throws a field error for a user that does not exist. */
  get(pk: number, call: Call): Promise<directory.User>;
  /** Users by key, in one call; those that are gone are left out. */
  byPk(pks: readonly number[], call: Call): Promise<ReadonlyMap<number, directory.User>>;
};

/** What finding users needs. */
export type UsersDeps = {
  readonly userDirectory: Pick<Client<directory.UserDirectoryServiceDefinition>, 'batchGetUsers'>;
  /** A user of whom the change set of the call has told, and whom the directory shows nobody else yet. */
  readonly findKept: (pk: number, call: Call) => Promise<Omit<directory.UserFacts, 'path'> | undefined>;
};

/** Users that one call asks for. */
const BATCH = 1000;

/** Asks the directory for users. */
export function createUsers({ userDirectory, findKept }: UsersDeps): Users {
  async function byPk(pks: readonly number[], call: Call) {
    const wanted = [...new Set(pks)];
    const origin = asService(call.context.tenant, call);
    const found = new Map<number, directory.User>();
    for (let start = 0; start < wanted.length; start += BATCH) {
      const { users } = await userDirectory.batchGetUsers({ pks: wanted.slice(start, start + BATCH) }, origin);
      for (const user of users) found.set(user.pk, user);
    }
    for (const pk of wanted) {
      if (found.has(pk) || !isVouched(call.context.changeSet, 'authentik_core.user', pk)) continue;
      const kept = await findKept(pk, call);
      if (kept) found.set(pk, directory.User.fromPartial({ ...kept }));
    }
    return found;
  }
  return {
    byPk,
    async get(pk, call) {
      const user = (await byPk([pk], call)).get(pk);
      if (!user) throw invalidField('user', `Invalid pk "${pk}" - object does not exist.`, 'REFERENCE_NOT_FOUND');
      return user;
    },
  };
}
