/** The part of the directory, and of the providers, that the login service asks: over the same transport, from a list of people. */

import { randomUUID } from 'node:crypto';
import { common } from '@postern/errors';
import { directory, providers, references } from '@postern/proto';
import { bind } from '@postern/rpc';

/** Somebody of the directory. Tests change them as administrators would. */
export type Person = directory.User & { superuser: boolean; permissions: string[] };

/** An access token that providers know. */
export type AccessToken = { user: number; scopes: string[]; session?: string };

/** The directory of a test. */
export type TestDirectory = ReturnType<typeof aDirectory>;

let lastPk = 100;

/** Creates the directory: people by tenant. */
export function aDirectory() {
  const people = new Map<string, Person[]>();
  const accessTokens = new Map<string, AccessToken>();
  const applications = new Map<string, providers.Application>();
  const groups = new Map<string, directory.Group>();
  const groupRights = new Map<string, string[]>();
  const flows = new Map<string, string | undefined>();
  const asked = { principals: 0 };
  const settings = { impersonation: true };
  const of = (tenant: string) => people.get(tenant) ?? [];
  return {
    accessTokens,
    /** Permissions that membership of a group gives, by its key. */
    groupRights,
    /** Applications that providers know, by key. */
    applications,
    asked,
    /** Settings of every tenant. */
    settings,
    /** The flow that the default brand of a tenant names for signing in. */
    setFlow: (tenant: string, flow: string | undefined) => void flows.set(tenant, flow),
    /** Adds a group; whoever has it among their groups belongs to it. */
    addGroup(name: string, parent?: directory.Group): directory.Group {
      const group = directory.Group.fromPartial({ pk: randomUUID(), name, parent: parent?.pk, attributes: {} });
      groups.set(group.pk, group);
      return group;
    },
    /** Adds somebody to a tenant. */
    add(tenant: string, username: string, given: Partial<Person> = {}): Person {
      lastPk += 1;
      const email = `${username}@example.com`;
      const user = directory.User.fromPartial({ pk: lastPk, uuid: randomUUID(), username, name: username, email });
      const known = { uid: `uid-${lastPk}`, is_active: true, type: 'internal', path: 'users' };
      const person = { ...user, ...known, superuser: false, permissions: [], ...given };
      people.set(tenant, [...of(tenant), person]);
      return person;
    },
    remove: (tenant: string, pk: number) =>
      void people.set(
        tenant,
        of(tenant).filter((one) => one.pk !== pk),
      ),
    services: () => [
      bind(directory.TenantSettingsServiceDefinition, {
        readSettings: async () => directory.Settings.fromPartial(settings),
      }),
      bind(directory.UserDirectoryServiceDefinition, {
        async getPrincipal({ pk }, { context }) {
          asked.principals += 1;
          const person = of(context.tenant).find((one) => one.pk === pk);
          if (!person) throw common.NOT_FOUND();
          return principalOf(person);
        },
        getRights: async ({ users, groups: keys }, { context }) => {
          const meant = of(context.tenant).filter(({ pk }) => users.includes(pk));
          const given = keys.flatMap((key) => groupRights.get(key) ?? []);
          const permissions = [...meant.flatMap((person) => person.permissions), ...given];
          return { superuser: meant.some(({ superuser }) => superuser), permissions, on_objects: [] };
        },
        batchGetUsers: async ({ pks }, { context }) => ({
          users: of(context.tenant).filter(({ pk }) => pks.includes(pk)),
        }),
        findByIdentifier: async ({ identifier }, { context }) => {
          const person = of(context.tenant).find(({ username, email }) => [username, email].includes(identifier));
          return { user: person, facts: person };
        },
      }),
      bind(directory.GroupDirectoryServiceDefinition, {
        batchGetGroups: async ({ pks }) => ({ groups: [...groups.values()].filter(({ pk }) => pks.includes(pk)) }),
        findGroupsByName: async () => ({ pks: [] }),
        listGroupMembers: async () => ({ users: [] }),
      }),
      bind(directory.AdministratorServiceDefinition, {
        describeAdministrators: async (_request, { context: { tenant } }) => ({
          administrators: of(tenant)
            .filter((person) => person.superuser && person.is_active)
            .map((person) => ({ user: factsOf(person), groups: person.groups })),
          flow: flows.get(tenant),
        }),
      }),
      bind(references.ReferenceServiceDefinition, {
        exists: async ({ keys }) => ({ keys }),
        describe: async () => ({ names: {} }),
        usedBy: async () => ({ items: [] }),
      }),
    ],
    providerServices: () => providersOf(accessTokens, applications),
  };
}

/** What events and principals say about somebody. */
export function factsOf({ pk, uuid, username, name, email, type, is_active, path }: Person): directory.UserFacts {
  return { pk, uuid, username, name, email, type, is_active, path };
}

function principalOf(person: Person): directory.UserPrincipal {
  const { superuser, permissions, uid } = person;
  const groups = person.groups_obj.map(({ pk, name }) => ({ pk, name }));
  return { user: factsOf(person), superuser, permissions, roles: [], attributes: person.attributes, groups, uid };
}

/** The part of the providers that is asked. */
function providersOf(
  accessTokens: ReadonlyMap<string, AccessToken>,
  applications: ReadonlyMap<string, providers.Application>,
) {
  return [
    bind(providers.ApplicationDirectoryServiceDefinition, {
      batchGetApplications: async ({ pks, viewer }) => ({
        applications: pks
          .flatMap((pk) => applications.get(pk) ?? [])
          .map((one) => ({ ...one, launch_url: `https://app.example/${viewer?.username ?? ''}` })),
      }),
    }),
    bind(providers.AccessTokenServiceDefinition, {
      async resolveAccessToken({ token }) {
        const known = accessTokens.get(token);
        if (!known) throw common.NOT_FOUND();
        return { token: randomUUID(), session: '', ...known, expires: undefined };
      },
    }),
    bind(references.ReferenceServiceDefinition, {
      exists: async () => ({ keys: [] }),
      describe: async () => ({ names: {} }),
      usedBy: async () => ({ items: [] }),
    }),
  ];
}
