/** Flows over the real engine, database and RPC transport. Accounts, passwords and sessions stand in memory behind their ports. */

import { randomUUID } from 'node:crypto';
import { messagingTables } from '@postern/messaging';
import type { auth, directory, tasks } from '@postern/proto';
import { testDatabase } from '@postern/testkit';
import { ACCOUNT_MIGRATIONS, Account, accountsIn } from '../accounts/index.ts';
import { DEVICE_MIGRATIONS } from '../devices/index.ts';
import { FLOW_MAIL_MIGRATIONS } from '../flow-mails/index.ts';
import { createFlowTokens, FLOW_TOKEN_MIGRATIONS } from '../flow-tokens/index.ts';
import { INVITATION_MIGRATIONS, Invitation } from '../invitations/index.ts';
import { createPlanRepository } from '../plans/index.ts';
import { POLICY_ENTITIES, POLICY_MIGRATIONS } from '../policies/index.ts';
import { giveDefaultFlows } from '../testing/default-flows.fixture.ts';
import { addFlow, type GivenStage } from './flow.builder.ts';
import { createBrowser, sealer } from './flow-browser.fixture.ts';
import { buildParts, SECRETS } from './house-parts.fixture.ts';
import { FLOW_ENTITIES, FLOW_MIGRATIONS } from './index.ts';
import { houseDeps, type Shared } from './neighbours.fixture.ts';
import type { Person, Session } from './people.fixture.ts';

export { asProviders, asUser, type Seen } from './flow-browser.fixture.ts';
export { aPerson, type Person } from './people.fixture.ts';

/** What the tests look into. */
export type House = Awaited<ReturnType<typeof aHouse>>;

type HouseDeps = ReturnType<typeof houseDeps>;

/** What a house has instead of what houses have. */
export type HouseChanges = Partial<Omit<HouseDeps, 'clients'>> & { readonly clients?: Partial<HouseDeps['clients']> };

/** A login service with these people, in a database of its own. Call it at the top of a test file. */
export async function aHouse(people: Person[], changes: HouseChanges = {}) {
  const schema = 'auth';
  const migrations = [
    { name: 'auth/0001-messaging', up: messagingTables(schema) },
    ...FLOW_MIGRATIONS,
    ...ACCOUNT_MIGRATIONS,
    ...DEVICE_MIGRATIONS,
    ...POLICY_MIGRATIONS,
    ...FLOW_TOKEN_MIGRATIONS,
    ...FLOW_MAIL_MIGRATIONS,
    ...INVITATION_MIGRATIONS,
  ];
  const { db, sql } = await testDatabase({
    schema,
    entities: [...FLOW_ENTITIES, Account, Invitation, ...POLICY_ENTITIES],
    migrations,
  });
  const tenant = randomUUID();
  const sessions = new Map<string, Session>();
  const reports: unknown[] = [];
  const seen: Shared['seen'] = {
    verified: 0,
    issued: 0,
    completed: [],
    mails: [],
  };
  const completion = { answer: async (): Promise<auth.CompleteResponse> => ({ redirect: 'https://app.example/cb' }) };
  const brand: { flows?: Partial<directory.CurrentBrand> } = {};
  const usual = houseDeps({ people, sessions, reports, seen, completion, brand });
  const deps = { ...usual, ...changes, clients: { ...usual.clients, ...changes.clients } };
  const build = () => buildParts({ db, people, deps });
  const house = { db, sql, tenant, people, sessions, reports, seen, completion, brand, parts: build() };
  await db.write({ tenant }, giveDefaultFlows);
  const clock = () => new Date();
  const plans = createPlanRepository({ database: db, clock, ids: () => randomUUID() });
  const links = createFlowTokens({ database: db, plans, clock, secrets: SECRETS });
  await db.write({ tenant }, async (em) => {
    for (const person of people) await accountsIn(em).keep({ ...person, is_active: person.isActive });
  });
  return {
    ...house,
    plans,
    links,
    /** As if the process had been restarted: nothing but the database is left. */
    restart: () => {
      house.parts = build();
    },
    current: () => house.parts,
    browser: (key?: string) => createBrowser({ tenant, sessions, current: () => house.parts }, key),
    /** Does the jobs that send mails which flows asked for, and answers what was sent. */
    async deliver(): Promise<tasks.SendMailRequest[]> {
      const waiting = await sql<{ pk: string }>('select pk from flow_mail where mail is not null order by created, pk');
      const before = seen.mails.length;
      for (const { pk } of waiting) {
        const attempt = { id: pk, name: 'auth.send_flow_mail', tenant, args: { mail: pk }, attempt: 1 };
        const around = { signal: new AbortController().signal, progress: () => undefined };
        const { error } = await house.parts.runner.run(attempt, around);
        if (error !== '') throw new Error(error);
      }
      return seen.mails.slice(before);
    },
    /** The principal of a browser in which nobody is signed in. */
    anonymous: (session: string | undefined) => sealer.sealPrincipal({ kind: 'anonymous', tenant, session }),
    /** Adds a flow with these stages, in order. */
    flow: (slug: string, stages: readonly GivenStage[]) => addFlow({ sql, tenant, box: db.secrets }, slug, stages),
  };
}
