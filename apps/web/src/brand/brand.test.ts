import { expect, it } from 'vitest';
import { languageFor } from '../messages/messages.ts';
import { parseBrand } from './brand.ts';

it('reads the brand of the page, and has a default for all that is missing or unreadable', () => {
  expect(parseBrand('{"title":"Acme","theme":"dark"}')).toMatchObject({ title: 'Acme', theme: 'dark', locale: '' });
  for (const json of ['', '__POSTERN_BRAND__', '[]', '{"title":7,"theme":"neon"}']) {
    expect(parseBrand(json)).toMatchObject({ title: 'Postern', theme: 'automatic' });
  }
});

it('falls back to English for a language that is not there', () => {
  expect(languageFor('en-GB')).toBe('en');
  expect(languageFor('constructor')).toBe('en');
});
