/** The services that rules and transports ask, as far as they ask them. */

import { randomUUID } from 'node:crypto';
import { common } from '@postern/errors';
import { auth, directory, references } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';

/** Who is in the directory, and what the policies of a test say. */
export type Around = {
  readonly users: directory.User[];
  /** Keys of direct members, by group. */
  readonly groups: Map<string, number[]>;
  /** Whether an event meets a rule, by the key of the rule; without one nothing is bound to it. */
  readonly policies: Map<string, (event: Record<string, unknown>) => boolean>;
  /** Policies that are bound to a rule. */
  readonly bound: Set<string>;
  /** Whether the login service answers. */
  isAuthThere: boolean;
  /** Cases that it answers in one call. */
  mostCases: number;
  /** Users whom policies were asked about. */
  readonly asked: (number | undefined)[];
};

/** Nobody and nothing yet. */
export function createAround(): Around {
  return {
    users: [],
    groups: new Map(),
    policies: new Map(),
    bound: new Set(),
    isAuthThere: true,
    mostCases: 1_000,
    asked: [],
  };
}

/** Adds somebody. */
export function aUser(around: Around, given: Partial<directory.User> = {}): directory.User {
  const pk = around.users.length + 10;
  const username = `user${pk}`;
  const facts = { pk, uuid: randomUUID(), username, name: `User ${pk}`, email: `${username}@example.com` };
  const user = directory.User.fromPartial({ ...facts, is_active: true, type: 'internal', ...given });
  around.users.push(user);
  return user;
}

const unused = async (): Promise<never> => {
  throw common.UNIMPLEMENTED();
};

/** What the directory answers. */
export function directoryOf(around: Around): BoundService[] {
  return [
    bind(directory.UserDirectoryServiceDefinition, {
      batchGetUsers: async ({ pks }) => ({ users: around.users.filter(({ pk }) => pks.includes(pk)) }),
      getPrincipal: unused,
      getRights: unused,
      findByIdentifier: unused,
    }),
    bind(directory.GroupDirectoryServiceDefinition, {
      batchGetGroups: async ({ pks }) => ({
        groups: pks
          .filter((pk) => around.groups.has(pk))
          .map((pk) => directory.Group.fromPartial({ pk, name: `group ${pk}`, attributes: {} })),
      }),
      findGroupsByName: async ({ name }) => ({
        pks: [...around.groups.keys()].filter((pk) => name === `group ${pk}`),
      }),
      async listGroupMembers({ group_uuid, after, limit }) {
        const members = (around.groups.get(group_uuid) ?? []).filter((pk) => pk > after).slice(0, limit || 1_000);
        const users = around.users.filter((user) => members.includes(user.pk) && user.is_active);
        return {
          users: users.map(({ pk, username, email }) => directory.UserFacts.fromPartial({ pk, username, email })),
        };
      },
    }),
    referencesOf((model, key) =>
      model === 'authentik_core.group' ? around.groups.has(key) : around.users.some(({ pk }) => String(pk) === key),
    ),
  ];
}

/** What the login service answers. */
export function authOf(around: Around): BoundService[] {
  return [
    bind(auth.PolicyEvaluationServiceDefinition, {
      evaluate: unused,
      async match({ targets, cases }) {
        if (!around.isAuthThere) throw common.UNAVAILABLE();
        const asked = cases.slice(0, around.mostCases);
        around.asked.push(...asked.map(({ user_pk }) => user_pk));
        return {
          matches: asked.map(({ context }) => ({
            targets: targets.filter((target) => around.policies.get(target)?.(context?.event ?? {})),
          })),
        };
      },
    }),
    bind(auth.PolicyBindingServiceDefinition, {
      listPolicyBindings: async ({ policy }) => ({
        pagination: undefined,
        results: around.bound.has(policy) ? [auth.PolicyBinding.fromPartial({ policy, order: 0 })] : [],
      }),
      createPolicyBinding: unused,
      getPolicyBinding: unused,
      updatePolicyBinding: unused,
      deletePolicyBinding: unused,
      listPolicyBindingUsedBy: unused,
    }),
    referencesOf(() => false),
  ];
}

/** Knows which objects there are, and who refers to none. */
export function referencesOf(exists: (model: string, key: string) => boolean): BoundService {
  return bind(references.ReferenceServiceDefinition, {
    exists: async ({ model, keys }) => ({ keys: keys.filter((key) => exists(model, key)) }),
    describe: async () => ({ names: {} }),
    usedBy: async () => ({ items: [] }),
  });
}
