import { bundledEntries } from '@postern/testkit';
import { describe, expect, it } from 'vitest';
import { nativeFinder } from '../policies/expression/native.ts';
import type { PolicyQuestion } from '../policies/index.ts';
import { nativeValue } from '../policies/prompt-values.ts';
import { createDefaultPolicies } from './default.policies.ts';

const ada = {
  pk: 7,
  uuid: 'u',
  username: 'ada',
  name: 'Ada',
  email: 'ada@example.com',
  type: '',
  is_active: true,
  path: '',
};

function natives(attributes: { [name: string]: unknown } = {}) {
  const settings = {
    default_user_change_email: false,
    default_user_change_name: true,
    default_user_change_username: false,
  };
  return createDefaultPolicies({
    setup: { admin: async () => undefined, token: () => '' },
    selfCare: {
      person: async (_tenant, pk) => (pk === ada.pk ? { user: ada, attributes } : undefined),
      settings: async () => settings,
    },
  });
}

it('knows the meaning of every program that tenants start with, and of none that somebody changed', async () => {
  const find = nativeFinder(natives());
  const policies = await bundledEntries('authentik_policies_expression.expressionpolicy');
  expect(policies.length).toBeGreaterThan(5);
  for (const { attrs } of policies) {
    const expression = String(attrs.expression);
    expect({ expression, isKnown: find(expression) !== undefined }).toEqual({ expression, isKnown: true });
    expect(find(`${expression}\nreturn True`)).toBeUndefined();
  }
  const prompts = await bundledEntries('authentik_stages_prompt.prompt');
  const programs = prompts.filter(({ attrs }) => attrs.initial_value_expression === true);
  expect(programs).toHaveLength(4);
  for (const { attrs } of programs) expect(nativeValue(String(attrs.initial_value))).toBeDefined();
});

describe('what people may change of themselves', async () => {
  const policies = await bundledEntries('authentik_policies_expression.expressionpolicy');
  const policy = policies.find(({ identifiers }) => identifiers.name === 'default-user-settings-authorization');

  it.each([
    ['their name', { name: 'Countess' }, {}, []],
    ['nothing', {}, {}, []],
    ['an address', { email: 'new@example.com' }, {}, ['Not allowed to change email address.']],
    ['a user name', { username: 'countess' }, {}, ['Not allowed to change username.']],
    ['an address that they may change', { email: 'b@c.d' }, { 'goauthentik.io/user/can-change-email': true }, []],
    [
      'a name that they may not',
      { name: 'X' },
      { 'goauthentik.io/user/can-change-name': false },
      ['Not allowed to change name.'],
    ],
  ])('is judged for %s', async (_, change, attributes, messages) => {
    const { username, name, email } = ada;
    const question: PolicyQuestion = {
      tenant: 't',
      target: '',
      mode: 'all',
      user: { kind: 'account', pk: ada.pk, uuid: 'u', username: 'ada' },
      context: { prompt_data: { username, name, email, ...change } },
      query: '',
      client: { address: '', userAgent: '', host: '', scheme: 'https', requestId: '' },
    };
    const decide = nativeFinder(natives(attributes))(String(policy?.attrs.expression));
    const { passing, messages: told = [] } = (await decide?.(question)) ?? { passing: false };
    expect({ passing, told }).toEqual({ passing: messages.length === 0, told: messages });
    const nobody = await decide?.({ ...question, user: undefined });
    expect(nobody?.passing).toBe(false);
  });
});
