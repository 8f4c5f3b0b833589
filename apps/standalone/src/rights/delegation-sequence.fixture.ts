/** Random sequences of requests by delegates, how they are run, and how one that gives somebody too much is made smaller. */

import { PosternError } from '@postern/errors';
import { PERMISSIONS } from '@postern/models';
import { auth, directory } from '@postern/proto';
import { randomOf } from '../generated-values.fixture.ts';
import { type Action, actionsOf, type Choices, type Dice, type Gain } from './delegation-actions.fixture.ts';
import { detoursOf } from './delegation-detours.fixture.ts';
import {
  DELEGATES,
  firstBeyond,
  type Grants,
  givenBy,
  look,
  type Rights,
  type Sql,
  settle,
  type Truth,
  type World,
} from './delegation-world.fixture.ts';
import type { ServedRights } from './served-rights.fixture.ts';

/** One request. Its numbers choose what it is about, from what there is by then. */
export type Step = { readonly by: number; readonly action: string; readonly numbers: readonly number[] };

/** What delegates have, and what they do. */
export type Sequence = {
  readonly grants: Grants;
  readonly steps: readonly Step[];
  /** Whether a stage makes newcomers superusers. */
  readonly opens: boolean;
};

const LONGEST = 8;
const POOL = poolOf();

/** The sequence of a seed. */
export function sequenceOf(seed: number, actions: readonly string[]): Sequence {
  const random = randomOf(seed);
  const share = 0.3 + random() * 0.6;
  const grants = DELEGATES.map(() => POOL.filter(() => random() < share));
  const length = 3 + Math.floor(random() * (LONGEST - 2));
  const steps = Array.from({ length }, () => ({
    by: Math.floor(random() * DELEGATES.length),
    action: actions[Math.floor(random() * actions.length)] ?? '',
    numbers: Array.from({ length: 12 }, () => random()),
  }));
  return { grants, steps, opens: random() < 0.3 };
}

/** What has gone wrong; undefined when nobody got more than the delegates had together. */
export type Problem = string | undefined;

/** Runs sequences against the services. */
export async function createRunner(served: ServedRights) {
  const { running, sql: run, as } = served;
  const actions = { ...actionsOf(running), ...detoursOf(running) };
  const sql: Sql = async (text, values) => run(text, values);
  const sealed = await sealedKey(served);

  async function choicesOf({ tenant }: World): Promise<Choices> {
    const [row] = await sql<Choices>(CHOICES, [tenant]);
    return { ...(row ?? EMPTY), permissions: POOL };
  }

  /** What somebody has got who was not given it by anybody who had it. */
  async function excess(truth: Truth, start: Start, gain: Gain | undefined): Promise<string | undefined> {
    for (const user of truth.everybody) {
      const beyond = firstBeyond(truth.of(user), start.truth.of(user), start.together);
      if (beyond !== undefined) return `user ${start.nameOf(user)} got ${beyond}`;
    }
    if (gain?.anything) return 'the caller could become anybody';
    const taken = gain?.user === undefined ? undefined : firstBeyond(truth.of(gain.user), start.together);
    if (taken !== undefined) return `the caller could act as ${start.nameOf(gain?.user ?? 0)}, who has ${taken}`;
    const given = gain?.group === undefined ? undefined : firstBeyond(await givenBy(sql, gain.group), start.together);
    return given === undefined ? undefined : `a flow could make anybody a member of a group with ${given}`;
  }

  return {
    names: Object.keys(actions),
    /** Ways that are closed even to a superuser, tried a few times each, and why: requests that nobody understands prove nothing. */
    async closed(): Promise<string[]> {
      const world = await settle(sql, { grants: DELEGATES.map(() => []), opens: false });
      await giveTokens(world);
      const origin = () => as({ superuser: true, permissions: [], pk: world.people.root ?? 0, tenant: world.tenant });
      const reasonsOf = async ([name, action]: [string, Action]) => {
        const reasons: string[] = [];
        for (let attempt = 0; attempt < 8; attempt += 1) {
          const random = randomOf(attempt + 1);
          const step = { by: 0, action: name, numbers: Array.from({ length: 12 }, () => random()) };
          const reason = await reasonOf(action(await choicesOf(world), diceOf(step), origin()));
          if (reason === undefined) return [];
          reasons.push(`${name}: ${reason}`);
        }
        return reasons.slice(0, 1);
      };
      const found: string[] = [];
      for (const entry of Object.entries(actions)) found.push(...(await reasonsOf(entry)));
      return found;
    },
    async run({ grants, steps, opens }: Sequence): Promise<Problem> {
      const world = await settle(sql, { grants, opens });
      await giveTokens(world);
      const start = startOf(world, await look(sql, world));
      let truth = start.truth;
      let choices = await choicesOf(world);
      for (const step of steps) {
        const action: Action | undefined = actions[step.action];
        const caller = world.people[DELEGATES[step.by] ?? ''] ?? 0;
        const origin = as({ ...truth.standing(caller), via: 'api_token' });
        const { isDone, gain } = await attempt(async () => action?.(choices, diceOf(step), origin));
        if (!isDone) continue;
        [truth, choices] = [await look(sql, world), await choicesOf(world)];
        const text = await excess(truth, start, gain);
        if (text !== undefined) return text;
      }
      // What was refused must have changed nothing.
      return excess(await look(sql, world), start, undefined);
    },
  };

  /** Everybody whom delegates could try to become has a token. */
  async function giveTokens({ tenant, people }: World): Promise<void> {
    await sql(
      `insert into auth.token (pk, tenant_id, identifier, key_hash, key, intent, user_pk, expiring)
       select gen_random_uuid(), $1::uuid, 'token-' || pk, 'hash-' || pk || $1::text, $3, 'api', pk, false from auth.account
       where tenant_id = $1::uuid and pk = any ($2::int[])`,
      [tenant, [people.root, people.keeper, people.holder, people.plain], sealed],
    );
  }
}

/** The key of a token as it is stored. */
async function sealedKey({ running, as, sql, tenant }: ServedRights): Promise<string> {
  const tokens = running.client(auth.TokenServiceDefinition);
  const users = running.client(directory.UserServiceDefinition);
  const boss = as({ superuser: true, permissions: [], tenant });
  const user = { username: 'sealed', name: '', is_active: true, path: 'users', type: 'internal' };
  const { pk } = await users.createUser({ user }, boss);
  await tokens.createToken({ token: { identifier: 'sealed', intent: 'api', user: pk } }, boss);
  const [row] = await sql<{ key: string }>("select key from auth.token where identifier = 'sealed'");
  return row?.key ?? '';
}

type Start = { readonly truth: Truth; readonly together: Rights; nameOf(user: number): string };

function startOf({ people }: World, truth: Truth): Start {
  const names = new Map(Object.entries(people).map(([name, pk]) => [pk, name]));
  const together = new Set(DELEGATES.flatMap((name) => [...truth.of(people[name] ?? 0)]));
  return { truth, together, nameOf: (user) => names.get(user) ?? `the new ${user}` };
}

type Attempt = { readonly isDone: boolean; readonly gain?: Gain | undefined };

/** Why a request was refused; undefined where it was not. */
async function reasonOf(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof PosternError && error.code !== 'INTERNAL') return error.reason;
    throw error;
  }
}

/** Whether a request was let through, and what its caller gains by it. */
async function attempt(work: () => Promise<Gain | undefined> | undefined): Promise<Attempt> {
  try {
    return { isDone: true, gain: await work() };
  } catch (error) {
    if (error instanceof PosternError && error.code !== 'INTERNAL') return { isDone: false };
    throw error;
  }
}

function diceOf({ numbers }: Step): Dice {
  let next = 0;
  const roll = () => {
    next += 1;
    return numbers[(next - 1) % numbers.length] ?? 0;
  };
  const pick = <Item>(items: readonly Item[]): Item | undefined => items[Math.floor(roll() * items.length)];
  return Object.assign(pick, { chance: (share: number) => roll() < share, word: () => `n${Math.floor(roll() * 1e9)}` });
}

type Fails = (smaller: Sequence) => Promise<boolean>;

/** A smaller part of a sequence that still goes wrong: fewer steps, fewer permissions. */
export async function shrink(sequence: Sequence, fails: Fails): Promise<Sequence> {
  let best = sequence;
  for (let index = best.steps.length - 1; index >= 0; index -= 1) {
    const smaller = { ...best, steps: best.steps.toSpliced(index, 1) };
    if (await fails(smaller)) best = smaller;
  }
  for (const index of best.grants.keys()) {
    const withOwn = (own: readonly string[]) => ({ ...best, grants: best.grants.with(index, own) });
    best = withOwn(await fewest(best.grants[index] ?? [], async (own) => fails(withOwn(own))));
  }
  return best;
}

/** Leaves out what can be left out, in ever smaller pieces. */
async function fewest(items: readonly string[], suffices: (fewer: readonly string[]) => Promise<boolean>) {
  let left = items;
  for (let size = left.length; size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < left.length; ) {
      const fewer = left.toSpliced(start, size);
      if (await suffices(fewer)) left = fewer;
      else start += size;
    }
  }
  return left;
}

/** A sequence as people read it. */
export function describe({ grants, steps, opens }: Sequence, seed: number): string {
  const who = DELEGATES.map((name, index) => `  ${name} has ${(grants[index] ?? []).join(', ') || 'nothing'}`);
  const what = steps.map(({ by, action }, index) => `  ${index + 1}. ${DELEGATES[by]}: ${action}`);
  const house = opens ? ['  a stage makes newcomers superusers'] : [];
  return [`seed ${seed}`, ...house, ...who, ...what].join('\n');
}

const EMPTY = { users: [], groups: [], roles: [], tokens: [], flows: [], stages: [], given: [] };

const CHOICES = `select
  array(select pk from directory.user_account where tenant_id = $1 order by username) as users,
  array(select pk from directory.user_group where tenant_id = $1 order by name, pk) as groups,
  array(select pk from directory.role where tenant_id = $1 order by name, pk) as roles,
  array(select json_build_object('identifier', identifier, 'user', user_pk) from auth.token where tenant_id = $1 order by identifier) as tokens,
  array(select json_build_object('pk', pk, 'slug', slug) from auth.flow where tenant_id = $1 order by slug) as flows,
  array(select pk from auth.stage where tenant_id = $1 and kind = 'user_write' order by name) as stages,
  array(select distinct settings ->> 'create_users_group' from auth.stage where tenant_id = $1 and kind = 'user_write'
    and settings ->> 'create_users_group' is not null) as given`;

/** What delegates are given: everything that could let them give more. */
function poolOf(): string[] {
  const models = [
    'authentik_core.user',
    'authentik_core.group',
    'authentik_core.token',
    'authentik_rbac.role',
    'authentik_flows.flow',
    'authentik_flows.flowstagebinding',
    'authentik_stages_user_write.userwritestage',
    'authentik_stages_user_login.userloginstage',
    'authentik_stages_email.emailstage',
    'authentik_stages_authenticator_duo.authenticatorduostage',
    'authentik_stages_captcha.captchastage',
    'authentik_stages_invitation.invitation',
    'authentik_blueprints.blueprintinstance',
    'authentik_core.application',
    'authentik_providers_oauth2.scopemapping',
    'authentik_providers_oauth2.oauth2provider',
    'authentik_sources_oauth.oauthsource',
    'authentik_policies_expression.expressionpolicy',
    'authentik_policies.policybinding',
    'authentik_stages_prompt.prompt',
    'authentik_stages_prompt.promptstage',
    'authentik_events.notificationwebhookmapping',
    'authentik_events.notificationtransport',
  ];
  const keeping = ['authentik_crypto.view_certificatekeypair', 'authentik_brands.change_brand'];
  const house = ['authentik_brands.add_brand', 'authentik_rbac.edit_system_settings'];
  return [
    ...PERMISSIONS.filter(({ model }) => models.includes(model)).map(({ permission }) => permission),
    ...keeping,
    ...house,
  ];
}
