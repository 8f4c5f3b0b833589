import { expect, it } from 'vitest';
import { redactQuery } from './query.redaction.ts';

it.each([
  ['', ''],
  ['a=b&c', 'a=b&c'],
  ['flow_token=x&client_secret=y=z&CODE=1', 'flow_token=***&client_secret=***&CODE=***'],
  ['next=%2Fa%2F%3Fb%3Dc%26token%3Dd', 'next=%2Fa%2F%3Fb%3Dc%26token%3D***'],
  ['query=next%3D%252F%253Fcode%253D1', 'query=next%3D%252F%253Fcode%253D***'],
  ['a=%zz', 'a=%zz'],
])('masks what may be a credential in "%s"', (query, masked) => {
  expect(redactQuery(query)).toBe(masked);
});

it('does little for a query that is nested deeper than any of ours', () => {
  const nested = Array.from({ length: 12 }).reduce<string>((inner) => `a=${encodeURIComponent(inner)}`, 'token=x');
  expect(redactQuery(nested)).not.toContain('token');
});
