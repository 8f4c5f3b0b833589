import { expect, it } from 'vitest';
import { stages } from '../resources/flows.resource.ts';
import { readDocument } from '../schema/document.ts';
import { listOfKind, listOfRow } from './family.ts';

const list = { get: {}, post: {} };
const document = readDocument({
  paths: {
    '/stages/all/': { get: {} },
    '/stages/authenticator/totp/': list,
    '/stages/prompt/prompts/': list,
    '/stages/prompt/stages/': list,
    '/stages/user_login/': list,
  },
});

it.each([
  ['ak-stage-authenticator-totp-form', '/stages/authenticator/totp/'],
  ['ak-stage-prompt-form', '/stages/prompt/stages/'],
  ['ak-stage-user-login-form', '/stages/user_login/'],
  ['ak-stage-retina-form', undefined],
])('finds where objects of %s are made', (component, path) => {
  expect(listOfKind(component, stages, document)).toBe(path);
});

it('changes an object of an unknown kind nowhere but at the list itself', () => {
  expect(listOfRow({ component: 'ak-stage-user-login-form' }, stages, document)).toBe('/stages/user_login/');
  expect(listOfRow({}, stages, document)).toBe('/stages/all/');
});
