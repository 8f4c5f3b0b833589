import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { aHouse, aPerson } from './flows.fixture.ts';

/** Whoever may change flows could sign anybody in, were it not for this: who may do something in Postern has to be proved. */

const PASSWORD = 'correct horse';
const house = await aHouse([
  aPerson('root', { password: PASSWORD, superuser: true }),
  aPerson('clerk', { password: PASSWORD, permissions: ['authentik_core.view_user'] }),
  aPerson('plain', { password: PASSWORD }),
]);
const person = (name: string) => house.people.find(({ username }) => username === name);
const identification = { kind: 'identification', settings: { user_fields: ['username'] } };
const password = { kind: 'password', settings: { backends: ['authentik.core.auth.InbuiltBackend'] } };
const login = { kind: 'user_login' };
const DENIED = 'ak-stage-access-denied';
const DONE = 'xak-flow-redirect';

/** Walks through a flow and answers where it leads. */
async function walk(flow: string, ...answers: object[]): Promise<unknown> {
  const browser = house.browser();
  let { challenge } = await browser.get(flow);
  for (const answer of answers) challenge = (await browser.post(flow, { ...answer })).challenge;
  return challenge.component;
}

describe('somebody who may do something in Postern', () => {
  it('is signed in by no flow that only asks for their name, while others are', async () => {
    await house.flow('by-name', [identification, login]);
    expect(await walk('by-name', { uid_field: 'root' })).toBe(DENIED);
    expect(await walk('by-name', { uid_field: 'clerk' })).toBe(DENIED);
    expect(await walk('by-name', { uid_field: 'plain' })).toBe(DONE);
  });

  it('is signed in once they are proved, and by no proof of somebody else', async () => {
    await house.flow('by-password', [identification, password, login]);
    expect(await walk('by-password', { uid_field: 'root' }, { password: PASSWORD })).toBe(DONE);
    await house.flow('twice', [identification, password, identification, login]);
    const proof = [{ uid_field: 'plain' }, { password: PASSWORD }];
    expect(await walk('twice', ...proof, { uid_field: 'root' })).toBe(DENIED);
    expect(await walk('twice', ...proof, { uid_field: 'plain' })).toBe(DONE);
  });

  it('is neither written nor deleted by whoever typed their name', async () => {
    const field = randomUUID();
    await house.sql(
      `insert into prompt (pk, tenant_id, name, field_key, label, type, required) values ($1, $2, 'name', 'name', 'Name', 'text', true)`,
      [field, house.tenant],
    );
    const prompt = { kind: 'prompt', settings: { fields: [field] } };
    await house.flow('writes', [identification, prompt, { kind: 'user_write', settings: {} }]);
    expect(await walk('writes', { uid_field: 'root' }, { name: 'Mallory' })).toBe(DENIED);
    expect(person('root')?.name).toBe('root');
    expect(await walk('writes', { uid_field: 'plain' }, { name: 'Plain' })).toBe(DONE);
    expect(person('plain')?.name).toBe('Plain');
    await house.flow('deletes', [identification, { kind: 'user_delete' }]);
    expect(await walk('deletes', { uid_field: 'root' })).toBe(DENIED);
    expect(person('root')).toBeDefined();
  });
});
