import { expect, it } from 'vitest';
import { mergeAttributes, objectAt, textAt } from './index.ts';

it('adds attributes up: objects by key, lists one after the other, the rest replaced', () => {
  const merged = mergeAttributes([
    { settings: { theme: { base: 'light' }, locale: 'en' }, list: [1], a: 1 },
    { settings: { theme: { base: 'dark' } }, list: [2], a: { b: 1 } },
    { list: 'x', n: null },
  ]);
  expect(merged).toEqual({ settings: { theme: { base: 'dark' }, locale: 'en' }, list: 'x', a: { b: 1 }, n: null });
});

it('finds texts and objects by path, and nothing where there is something else', () => {
  const attributes = { settings: { theme: { base: 'dark' }, n: 1 }, text: 'x' };
  expect(textAt(attributes, 'settings', 'theme', 'base')).toBe('dark');
  expect(textAt(attributes, 'settings', 'n')).toBe('');
  expect(textAt(attributes, 'text', 'length')).toBe('');
  expect(objectAt(attributes, 'settings', 'theme')).toEqual({ base: 'dark' });
  expect(objectAt(attributes, 'constructor')).toEqual({});
});
