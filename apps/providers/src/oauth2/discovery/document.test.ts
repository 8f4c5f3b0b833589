import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { LANGUAGES } from './document.ts';

it('names the languages that the pages speak', () => {
  const messages = new URL('../../../../web/src/messages/', import.meta.url);
  const spoken = readdirSync(messages, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(spoken.map(({ name }) => name).toSorted()).toEqual([...LANGUAGES].toSorted());
});
