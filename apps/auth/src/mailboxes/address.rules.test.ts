import { expect, it } from 'vitest';
import { isAddress } from './address.rules.ts';

it.each([
  'nobody',
  'a@localhost',
  '@example.com',
  'a@.com',
  'a@@example.com',
  'a b@example.com',
  '"a b"@example.com',
  'a@example.com, b@example.com',
  'a@example.com\r\nBcc: b@example.com',
  'a\u0000b@example.com',
  'a\u200bb@example.com',
  '\u202ea@example.com',
  'a@exam\u00adple.com',
  `${'a'.repeat(243)}@example.com`,
])('is none: %j', (text) => {
  expect(isAddress(text)).toBe(false);
});

it.each(['a@example.com', 'a+tag@mail.example.co.uk', 'jörg@bücher.example', `${'a'.repeat(242)}@example.com`])(
  'is one: %j',
  (text) => {
    expect(isAddress(text)).toBe(true);
  },
);
