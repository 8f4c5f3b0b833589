import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { aHouse, aPerson, asUser } from './flows.fixture.ts';

const alice = aPerson('alice', { password: 'correct horse' });
const house = await aHouse([alice, aPerson('bob')]);
const { prompts } = house.current();
const admin = asUser(house.tenant, true);
const PROMPT = { name: 'nick', field_key: 'nick', label: 'Nick', type: 'text', required: true, order: 3 };

type Given = { key: string; type: string; required?: boolean; placeholder?: string; initial?: string };

/** Adds a flow that asks these prompts. */
async function asking(slug: string, given: readonly Given[], more: { validation_policies?: string[] } = {}) {
  const fields: string[] = [];
  for (const [order, { key, type, required = true, placeholder = '', initial = '' }] of given.entries()) {
    const pk = randomUUID();
    await house.sql(
      `insert into prompt (pk, tenant_id, name, field_key, label, type, required, placeholder, initial_value, "order")
       values ($1, $2, $3, $4, $4, $5, $6, $7, $8, $9)`,
      [pk, house.tenant, `${slug} ${order}`, key, type, required, placeholder, initial, order],
    );
    fields.push(pk);
  }
  await house.flow(slug, [{ kind: 'prompt', settings: { fields, ...more } }, { kind: 'dummy' }]);
}

async function dataIn(session: string | undefined) {
  const [row] = await house.sql<{ data: object }>(
    `select plan->'context'->'prompt_data' as data from flow_plan where session = $1`,
    [session],
  );
  return row?.data;
}

it('shows no prompt to those who may not add one, and says what is wrong with its program without telling the audit log', async () => {
  const reader = asUser(house.tenant, false, '', ['authentik_stages_prompt.view_prompt']);
  await expect(prompts.previewPrompt({ prompt: PROMPT }, reader)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  const failing = { ...PROMPT, placeholder: 'return 1 / 0', placeholder_expression: true };
  await expect(prompts.previewPrompt({ prompt: failing }, admin)).rejects.toMatchObject({
    violations: [{ field: '', reason: 'EXPRESSION_FAILED', description: expect.stringContaining('ZeroDivisionError') }],
  });
  expect(await house.sql("select 1 from outbox where subject = 'auth.v1.event.recorded'")).toEqual([]);
}, 60_000);

it('shows a prompt as its author would be asked it, whatever its name, and stores nothing', async () => {
  const prompt = { ...PROMPT, placeholder: 'return f"{user.username}?"', placeholder_expression: true, sub_text: 'Hm' };
  const { pk } = await prompts.createPrompt({ prompt }, admin);
  const asAlice = asUser(house.tenant, true);
  const shown = await prompts.previewPrompt({ prompt }, asAlice);
  expect(shown).toMatchObject({ type: 'native', component: 'ak-stage-prompt', flow_info: undefined });
  expect(shown.fields).toEqual([
    {
      field_key: 'nick',
      label: 'Nick',
      type: 'text',
      required: true,
      placeholder: expect.stringMatching(/\?$/),
      initial_value: '',
      order: 3,
      sub_text: 'Hm',
      choices: [],
    },
  ]);
  const choosing = {
    ...PROMPT,
    type: 'dropdown',
    placeholder: 'return [True, None, 2, "b"]',
    placeholder_expression: true,
  };
  expect((await prompts.previewPrompt({ prompt: choosing }, admin)).fields).toMatchObject([
    { placeholder: '', choices: ['True', 'None', '2', 'b'], initial_value: 'True' },
  ]);
  expect((await prompts.listPrompts({ field_key: 'nick' }, admin)).results).toMatchObject([{ pk }]);
}, 60_000);

it('takes hidden, static and read-only values from the server, whatever the page sends', async () => {
  await asking('fixed', [
    { key: 'h', type: 'hidden', initial: 'set', placeholder: 'p' },
    { key: 's', type: 'static', placeholder: 'text' },
    { key: 'r', type: 'text_read_only', placeholder: 'p' },
    { key: 'a', type: 'text_area_read_only', initial: 'shown' },
    { key: 'open', type: 'text' },
  ]);
  const browser = house.browser();
  await browser.get('fixed');
  await browser.post('fixed', { h: 'forged', s: 'forged', r: 'forged', a: ['forged'], open: 'mine' });
  expect(await dataIn(browser.session)).toEqual({ h: 'set', s: 'text', r: '', a: 'shown', open: 'mine' });
});

it('stores the initial value of what was left out, and nothing for what was optional', async () => {
  await asking('left-out', [
    { key: 'size', type: 'number', initial: '4' },
    { key: 'nick', type: 'text', required: false },
    { key: 'agrees', type: 'checkbox', required: true },
  ]);
  const browser = house.browser();
  await browser.get('left-out');
  await browser.post('left-out', { component: 'ak-stage-prompt' });
  expect(await dataIn(browser.session)).toEqual({ size: '4', agrees: false });
});

it('compares two passwords, and not three', async () => {
  const three = ['a', 'b', 'c'].map((key) => ({ key, type: 'password' }));
  await asking('three', three);
  const browser = house.browser();
  await browser.get('three');
  const { challenge } = await browser.post('three', { a: '1', b: '2', c: '3' });
  expect(challenge).toMatchObject({ component: 'ak-stage-dummy' });
  expect(await dataIn(browser.session)).toEqual({});
});

it('refuses a username that somebody else has, and takes that of whoever is signed in', async () => {
  await asking('rename', [{ key: 'username', type: 'username' }]);
  const stranger = house.browser();
  await stranger.get('rename');
  const { challenge } = await stranger.post('rename', { username: ' bob ' });
  expect(challenge.response_errors).toEqual({
    username: { items: [{ string: 'Username is already taken.', code: 'invalid' }] },
  });
  const browser = house.browser();
  await browser.get('default-authentication-flow');
  await browser.post('default-authentication-flow', { uid_field: 'alice' });
  await browser.post('default-authentication-flow', { password: 'correct horse' });
  await browser.get('rename');
  expect((await browser.post('rename', { username: 'alice' })).challenge).toMatchObject({
    component: 'ak-stage-dummy',
  });
});

it('shows what was told before as Python writes it, and choices that a stage before has set', async () => {
  await asking('told', [
    { key: 'flag', type: 'text' },
    { key: 'pick', type: 'dropdown', placeholder: 'nothing' },
  ]);
  const browser = house.browser();
  await browser.get('told');
  await house.sql(
    `update flow_plan set plan = jsonb_set(plan, '{context,prompt_data}', '{"flag": true, "pick": "y", "pick__choices": ["x", "y"]}')
     where session = $1`,
    [browser.session],
  );
  expect((await browser.get('told')).challenge.fields).toMatchObject([
    { field_key: 'flag', initial_value: 'True' },
    { field_key: 'pick', initial_value: 'y', choices: ['x', 'y'], placeholder: '' },
  ]);
});
