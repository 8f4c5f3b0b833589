import { common, PosternError } from '@postern/errors';
import type { directory } from '@postern/proto';
import { asService, type Client } from '@postern/rpc';
import { isJsonObject, type JsonObject } from '../plans/index.ts';
import {
  changedAttributes,
  type StageAccount,
  type UserDirectory,
  type UserDraft,
  type UserFields,
} from '../stages/index.ts';

/** The RPCs of the directory that writing users takes. */
export type DirectoryClients = {
  readonly users: Pick<Client<directory.UserServiceDefinition>, 'createUser' | 'updateUser' | 'deleteUser'>;
  readonly userDirectory: Pick<Client<directory.UserDirectoryServiceDefinition>, 'batchGetUsers' | 'findByIdentifier'>;
};

/** Writes users for stages, in the name of the login service: whoever passes a flow needs no permission of their own. */
export function createUserDirectory({ users, userDirectory }: DirectoryClients): UserDirectory {
  return {
    create: async (tenant, { fields, attributes, groups, isActive, path, type }) => {
      const made = { username: '', name: '', email: '', is_active: isActive, path, type, ...fields };
      const user = { ...made, attributes: changedAttributes({}, attributes), groups };
      return accountOf(await users.createUser({ user }, asService(tenant)));
    },
    update: async (tenant, pk, draft) => {
      const { users: found } = await userDirectory.batchGetUsers({ pks: [pk] }, asService(tenant));
      const [before] = found;
      const user = changesOf(draft, before);
      const paths = Object.keys(user);
      if (before !== undefined && paths.length === 0) return accountOf(before);
      return accountOf(await users.updateUser({ id: pk, user, update_mask: paths }, asService(tenant)));
    },
    activate: async (tenant, pk) =>
      accountOf(
        await users.updateUser({ id: pk, user: { is_active: true }, update_mask: ['is_active'] }, asService(tenant)),
      ),
    isUsernameTaken: async (tenant, username) => {
      const request = { identifier: username, fields: ['username'], case_sensitive: true };
      return (await userDirectory.findByIdentifier(request, asService(tenant))).facts !== undefined;
    },
    remove: async (tenant, pk) => {
      try {
        await users.deleteUser({ id: pk }, asService(tenant));
      } catch (error) {
        if (!common.NOT_FOUND.is(error)) throw error;
      }
    },
    isTransient: async (tenant, pk) => {
      const { users: found } = await userDirectory.batchGetUsers({ pks: [pk] }, asService(tenant));
      return found[0]?.attributes?.[DELETE_ON_LOGOUT] === true;
    },
  };
}

const DELETE_ON_LOGOUT = 'goauthentik.io/user/delete-on-logout';

/** Whether an error says that the directory refuses what was asked, as opposed to being away or broken. */
export function isRefusal(error: unknown): boolean {
  const refusals = ['INVALID_ARGUMENT', 'ALREADY_EXISTS', 'NOT_FOUND', 'FAILED_PRECONDITION', 'ABORTED'];
  return error instanceof PosternError && refusals.includes(error.code);
}

type Changes = UserFields & { attributes?: JsonObject; groups?: readonly string[] };

/** Attributes and groups are added to what the user has. */
function changesOf({ fields, attributes, groups }: UserDraft, before: directory.User | undefined): Changes {
  const known: unknown = before?.attributes;
  return {
    ...fields,
    ...(attributes.length > 0 && { attributes: changedAttributes(isJsonObject(known) ? known : {}, attributes) }),
    ...(groups.length > 0 && { groups: [...new Set([...(before?.groups ?? []), ...groups])] }),
  };
}

function accountOf({ pk, uuid, username, name, email, is_active, type }: directory.User): StageAccount {
  return { pk, uuid, username, name, email, isActive: is_active, type };
}
