import { expect, it } from 'vitest';
import { documentedAnswers } from './documented.answers.fixture.ts';
import { headlessHouse } from './headless-house.fixture.ts';

const house = await headlessHouse();
const check = documentedAnswers(house.url);
const seen = { method: 'GET', base: `${house.url}/_allauth/app/v1`, path: '/auth/session', type: 'application/json' };
const user = { id: 1, display: 'wiz', has_usable_password: true };
const method = { method: 'password', at: 1.5, username: 'wiz' };
const meta = { is_authenticated: true };

it.each([
  ['somebody', 200, { status: 200, data: { user, methods: [method] }, meta }],
  ['a pending flow', 401, { status: 401, data: { flows: [{ id: 'login' }] }, meta: { is_authenticated: false } }],
  ['too many', 429, { status: 429 }],
])('a suite may see what the document says: %s', async (_what, status, body) => {
  await expect(check({ ...seen, status, body })).resolves.toBeUndefined();
});

it.each([
  ['a status that is never answered', 418, { status: 418 }],
  ['another status in the body', 200, { status: 201, data: { user, methods: [] }, meta }],
  ['nobody', 200, { status: 200, data: { methods: [] }, meta }],
  ['a method that there is not', 200, { status: 200, data: { user, methods: [{ method: 'smile', at: 1 }] }, meta }],
  ['a time that is a text', 200, { status: 200, data: { user, methods: [{ ...method, at: 'now' }] }, meta }],
  ['an unknown flow', 401, { status: 401, data: { flows: [{ id: 'dance' }] }, meta }],
  ['a refusal without its status', 429, {}],
  ['errors without a code', 400, { status: 400, errors: [{ message: 'No.' }] }],
])('a suite fails that sees something else: %s', async (_what, status, body) => {
  await expect(check({ ...seen, status, body })).rejects.toThrow('is not documented');
});
