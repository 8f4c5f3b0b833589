import { expect, it } from 'vitest';
import { parseBrand } from './brand.ts';

it('reads the brand of the page, and has a default for all that is missing or unreadable', () => {
  expect(parseBrand('{"title":"Acme","theme":"dark"}')).toMatchObject({ title: 'Acme', theme: 'dark', locale: '' });
  for (const json of ['', '__POSTERN_BRAND__', '[]', '{"title":7,"theme":"neon"}']) {
    expect(parseBrand(json)).toMatchObject({ title: 'Postern', theme: 'automatic' });
  }
});
