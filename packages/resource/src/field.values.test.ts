import { expect, it } from 'vitest';
import { changeOf, valuesOf } from './field.values.ts';

const fields = {
  name: 'name',
  enabled: 'isEnabled',
  url: 'url',
  client_secret: 'secret',
  secret: () => undefined,
} as const;
const row = (given: object) => ({ name: 'a', isEnabled: true, url: 'https://x', secret: 's1', ...given });

it('tells no values but numbers, switches and names', () => {
  const before = valuesOf(row({}), fields);
  const after = valuesOf(row({ name: 'b', isEnabled: false, url: 'https://y/?token=1', secret: 's2' }), fields);
  const change = changeOf(['name', 'enabled', 'url', 'client_secret'], before, after);
  expect(change).toEqual({
    changed: ['name', 'enabled', 'url', 'client_secret'],
    before: { name: 'a', enabled: true },
    after: { name: 'b', enabled: false },
  });
});

it('leaves out what a caller gave but did not change, and keeps what cannot be compared', () => {
  const before = valuesOf(row({}), fields);
  expect(changeOf(['name', 'url', 'secret'], before, valuesOf(row({ name: 'b' }), fields)).changed).toEqual([
    'name',
    'secret',
  ]);
});
