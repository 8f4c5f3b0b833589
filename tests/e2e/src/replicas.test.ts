import { setTimeout as sleep } from 'node:timers/promises';
import type { Roles } from '@postern/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, apiOf, until } from './api.client.ts';
import { flowClient, signIn } from './flow.client.ts';
import { ADMIN_TOKEN, startFiveProcesses } from './platforms.ts';
import { createPerson } from './scenery.ts';

const SLUG = 'default-authentication-flow';
const PASSWORD = 'a long walk in the hills';
/** Within a second all clients are connected to a replica that is back: `@postern/rpc` says so. */
const FOUND_AGAIN_MS = 1_000;
const PEOPLE = ['ada', 'grace', 'edsger', 'barbara', 'alan', 'margaret'];

let roles: Roles;
let api: Api;

beforeAll(async () => {
  roles = await startFiveProcesses({ replicas: { auth: 2 } });
  api = apiOf({ url: roles.url, token: ADMIN_TOKEN });
  for (const name of PEOPLE) await createPerson(api, name, PASSWORD);
});

afterAll(() => roles?.stop());

const whoIs = async (client: ReturnType<typeof flowClient>) => {
  const reply = await client.send('/api/v3/core/users/me/');
  return (JSON.parse(reply.text) as { user?: { username: string } }).user?.username;
};

describe('two replicas of the login service behind one gateway', () => {
  it('finish each other’s sign-ins', async () => {
    const client = flowClient({ url: roles.url });
    await client.step(SLUG);
    const asked = await client.step(SLUG, { component: 'ak-stage-identification', uid_field: 'ada' });
    expect(asked.component).toBe('ak-stage-password');
    await roles.role('auth', 0).kill();
    const done = await client.step(SLUG, { component: 'ak-stage-password', password: PASSWORD });
    expect(done.component).toBe('xak-flow-redirect');
    expect(await whoIs(client)).toBe('ada');
    await roles.role('auth', 0).start();
  });

  it('lose no sign-in when one of them is killed in the middle of many', async () => {
    let isOver = false;
    let count = 0;
    // Every answer is demanded to be a step of the flow: a single 503 fails the test.
    const lanes = PEOPLE.map(async (username) => {
      while (!isOver) {
        const client = await signIn({ url: roles.url, username, password: PASSWORD });
        expect(await whoIs(client)).toBe(username);
        count += 1;
      }
    });
    const over = Promise.all(lanes);
    const untilMore = async () => {
      const before = count;
      const isMore = until(
        async () => count,
        (now) => now >= before + 2 * PEOPLE.length,
      );
      await Promise.race([isMore, over]);
    };
    for (const replica of [0, 1]) {
      await untilMore();
      await roles.role('auth', replica).kill();
      await untilMore();
      await roles.role('auth', replica).start();
      await sleep(FOUND_AGAIN_MS);
    }
    isOver = true;
    await over;
  });
});
