import { expect, it } from 'vitest';
import { nameField } from './login-name.ts';
import { readAgent } from './sections/session.ts';

it.each([
  [['username'], 'a@b', 'username'],
  [['email'], 'grace', 'email'],
  [['username', 'email'], 'grace@example.com', 'email'],
  [['username', 'email'], 'grace', 'username'],
  [['email', 'phone'], '+44 20 7946 0000', 'phone'],
  [['phone'], 'grace', 'phone'],
])('of %j, %s is for %s', (methods, name, field) => expect(nameField(methods, name)).toBe(field));

it.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0', 'Firefox 142', 'Linux', false],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
    'Safari 18',
    'iPhone',
    true,
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
    'Edge 140',
    'Windows',
    false,
  ],
  ['curl/8.5.0', '', '', false],
])('%s is told in words', (agent, browser, system, isPhone) =>
  expect(readAgent(agent)).toEqual({ browser, system, isPhone }),
);
