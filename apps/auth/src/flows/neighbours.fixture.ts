/** What flows need of their neighbours, in memory behind the ports. */

import { randomUUID } from 'node:crypto';
import { createEgress } from '@postern/egress';
import { common, invalidField } from '@postern/errors';
import { auth, directory, tasks } from '@postern/proto';
import type { Cookie } from '@postern/rpc';
import { accountsIn, createRightsGuard } from '../accounts/index.ts';
import type { SessionGrant } from '../plans/index.ts';
import type { SessionIssue } from '../stages/index.ts';
import type { FlowDeps } from './index.ts';
import { aPerson, type Person, type Session, userOf } from './people.fixture.ts';

const MAIL_TEMPLATES = [{ name: 'email/password_reset.html', label: 'Password Reset' }];

const USER_CODES: FlowDeps['clients']['userCodes'] = {
  findUserCode: async ({ user_code }) => ({ waits: user_code === '012345678' }),
};

export type Shared = {
  people: Person[];
  sessions: Map<string, Session>;
  reports: unknown[];
  seen: {
    verified: number;
    issued: number;
    /** How the last session was asked for. */
    asked?: SessionIssue;
    completed: auth.CompleteRequest[];
    mails: tasks.SendMailRequest[];
  };
  completion: { answer: () => Promise<auth.CompleteResponse> };
  /** Flows that the brand names; unset: there is no brand. */
  brand: { flows?: Partial<directory.CurrentBrand> };
};

export function houseDeps(
  shared: Shared,
): Omit<
  FlowDeps,
  | 'database'
  | 'guarded'
  | 'outbox'
  | 'secrets'
  | 'policies'
  | 'denials'
  | 'promptPolicies'
  | 'promptValues'
  | 'messageValues'
  | 'devices'
  | 'invitations'
  | 'deviceCodes'
> {
  const { people, reports, seen, completion } = shared;
  const byPk = (pk: number) => people.find((person) => person.pk === pk);
  return {
    clock: () => new Date(),
    ids: () => randomUUID(),
    report: (error) => void reports.push(error),
    linkHosts: [],
    brandTitles: { title: async () => 'Postern & Co' },
    egress: createEgress({ allow: ['127.0.0.0/8'] }),
    addresses: { twilio: 'http://127.0.0.1:1', duo: 'http://127.0.0.1:1' },
    accounts: accountsOf(people),
    passwords: {
      verify: async (_tenant, account, password) => {
        seen.verified += 1;
        const person = account && byPk(account.pk);
        if (person?.password === undefined || person.password !== password || !person.isActive) return undefined;
        const settle = async () => undefined;
        return { backend: 'authentik.core.auth.InbuiltBackend', method: 'password', args: {}, settle };
      },
      hash: async (password) => `hashed ${[...password].reverse().join('')}`,
      set: async (_tx, pk, hash, { firstOnly }) => {
        const person = byPk(pk);
        if (person === undefined || (firstOnly && person.password !== undefined)) return false;
        person.password = [...hash.slice('hashed '.length)].reverse().join('');
        return true;
      },
    },
    rights: rightsGuardOf(byPk),
    standing: async (_tenant, pk) => {
      const person = byPk(pk);
      if (person === undefined) return undefined;
      const user = { ...person, is_active: person.isActive, path: 'users' };
      const { superuser = false, permissions = [] } = person;
      return { user, superuser, permissions, roles: [], attributes: undefined, groups: [], uid: `uid-${pk}` };
    },
    attempts: { reserve: async () => 'allowed', succeeded: async () => undefined },
    sessions: sessionsOf(shared, byPk),
    neighbours: NO_NEIGHBOURS,
    clients: {
      brands: {
        getCurrentBrand: async () => {
          if (shared.brand.flows === undefined) throw common.UNIMPLEMENTED();
          return directory.CurrentBrand.fromPartial(shared.brand.flows);
        },
      },
      users: {
        createUser: async ({ user }) => {
          if (people.some(({ username }) => username === user?.username))
            throw invalidField('username', 'This field must be unique.', 'USERNAME_TAKEN');
          const { groups = [], is_active: isActive = true, ...rest } = user ?? {};
          const person = { ...aPerson(user?.username ?? ''), ...rest, groups: [...groups], isActive };
          people.push(person);
          return userOf(person);
        },
        updateUser: async ({ id, user }) => {
          const person = byPk(id ?? 0);
          const { is_active: isActive = person?.isActive, ...rest } = user ?? {};
          if (person !== undefined) Object.assign(person, rest, { isActive });
          return userOf(person);
        },
        deleteUser: async ({ id }) => {
          const person = byPk(id ?? 0);
          if (person === undefined) throw common.NOT_FOUND();
          people.splice(people.indexOf(person), 1);
          return {};
        },
      },
      userDirectory: {
        batchGetUsers: async ({ pks }) => ({ users: (pks ?? []).map((pk) => userOf(byPk(pk))) }),
        findByIdentifier: async ({ identifier }) => {
          const person = people.find(({ username }) => username === identifier);
          return { user: undefined, facts: person && { ...userOf(person) } };
        },
      },
      mail: {
        sendMail: async (request) => {
          seen.mails.push(tasks.SendMailRequest.fromPartial(JSON.parse(JSON.stringify(request))));
          return { pk: randomUUID() };
        },
        listMailTemplates: async () => ({ templates: MAIL_TEMPLATES }),
      },
      mappings: { getNotificationWebhookMapping: async () => Promise.reject(common.NOT_FOUND()) },
      userCodes: USER_CODES,
      completionOf: () => ({
        complete: async (request) => {
          seen.completed.push(auth.CompleteRequest.fromPartial(JSON.parse(JSON.stringify(request))));
          return completion.answer();
        },
      }),
    },
  };
}

function rightsGuardOf(byPk: (pk: number) => Person | undefined): FlowDeps['rights'] {
  return createRightsGuard({ userDirectory: { getRights: async ({ users = [] }) => rightsOf(users.map(byPk)) } });
}

function accountsOf(people: readonly Person[]): FlowDeps['accounts'] {
  const byPk = (pk: number) => people.find((person) => person.pk === pk);
  return {
    findByIdentifier: async (_tenant, { fields, value, ignoreCase }) => {
      const same = (text: string) => (ignoreCase ? text.toLowerCase() === value.toLowerCase() : text === value);
      return people.find(
        (person) =>
          (fields.includes('username') && same(person.username)) || (fields.includes('email') && same(person.email)),
      );
    },
    findByPk: async (_tenant, pk) => byPk(pk),
    hasRights: async (_tenant, pk) => mayDo(byPk(pk)).length > 0,
    remember: (tx, { isActive, ...facts }) => accountsIn(tx).keep({ ...facts, is_active: isActive }),
  };
}

/** What somebody may do, a word for each. */
function mayDo(person: Person | undefined): string[] {
  return [...(person?.superuser === true ? ['superuser'] : []), ...(person?.permissions ?? [])];
}

function rightsOf(people: readonly (Person | undefined)[]): directory.Rights {
  const permissions = people.flatMap((person) => person?.permissions ?? []);
  return { superuser: people.some((person) => person?.superuser === true), permissions, on_objects: [] };
}

export const NO_NEIGHBOURS: FlowDeps['neighbours'] = {
  require: async () => undefined,
  usedBy: async () => [],
  describe: async () => new Map(),
};

function sessionsOf({ sessions, seen }: Shared, byPk: (pk: number) => Person | undefined): FlowDeps['sessions'] {
  const open = (session: Session): SessionGrant => {
    const key = randomUUID();
    sessions.set(key, session);
    const cookie: Cookie = { name: 'authentik_session', value: key };
    return { key, cookies: [cookie] };
  };
  return {
    open: async () => open({ since: new Date() }),
    named: async (cookie) => cookie,
    issue: async (_tx, asked) => {
      const { replaces, account } = asked;
      const user = byPk(account);
      if (user?.isActive !== true) return undefined;
      seen.issued += 1;
      seen.asked = asked;
      sessions.delete(replaces);
      return open({ user, since: new Date() });
    },
    end: async (_tx, key) => {
      sessions.delete(key);
      return open({ since: new Date() });
    },
    facts: async (_tenant, key) => {
      const session = sessions.get(key);
      const user = session?.user;
      if (user === undefined || session === undefined) return undefined;
      const { pk, uuid, username, name, email, type } = user;
      const facts = { pk, uuid, username, name, email, type, is_active: true, path: 'users' };
      return {
        session: key,
        user: facts,
        impersonator: undefined,
        auth_time: session.since.toISOString(),
        methods: ['password'],
        amr: ['pwd'],
      };
    },
    reader: {
      find: async (_tenant, key) => {
        const session = sessions.get(key);
        if (session?.user === undefined) return undefined;
        const { pk, uuid, username } = session.user;
        return { requester: { pk, uuid, username, superuser: false }, since: session.since };
      },
    },
  };
}
