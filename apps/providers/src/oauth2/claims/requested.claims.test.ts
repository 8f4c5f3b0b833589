import { describe, expect, it } from 'vitest';
import { bundledScopes } from '../../testing/bundled-scopes.fixture.ts';
import { namedClaims, scopesGiving, selectClaims } from './index.ts';

describe('claims that are asked for one by one', () => {
  const claims = { name: 'Ada', email: 'ada@example.com', groups: ['staff'] };

  it('are given alone', () => {
    expect(selectClaims(claims, { name: null, email: { essential: true }, phone_number: null })).toEqual({
      name: 'Ada',
      email: 'ada@example.com',
    });
    expect(selectClaims(claims, undefined)).toEqual({});
    expect(selectClaims(claims, JSON.parse('{"__proto__": null, "constructor": null}'))).toEqual({});
  });

  it('are left out when they have another value than the client wants', () => {
    expect(selectClaims(claims, { name: { value: 'Eve' }, email: { values: ['x', 'ada@example.com'] } })).toEqual({
      email: 'ada@example.com',
    });
    expect(selectClaims(claims, { groups: { value: ['staff'] } })).toEqual({ groups: ['staff'] });
  });

  it('belong to the scopes whose mappings name them', async () => {
    const scopes = (await bundledScopes()).map((scope) => ({ ...scope, pk: scope.name }));
    expect(scopesGiving({ scopes }, ['nickname', 'email'])).toEqual(['email', 'profile']);
    expect(scopesGiving({ scopes }, ['sub', 'sid'])).toEqual([]);
  });
});

it.each([
  ['return {"a": 1, \'b\': {"c": [d["e"]: 2]}, **more, "f": lambda x: "g"}', ['a', 'b', 'f']],
  [
    '# return {"no": 1}\nx = {"no": 1}\ntext = """return {"no": 1}"""\nif x:\n    yield {"yes": "a:b"}\nreturn f({"no": 1})',
    ['yes'],
  ],
  ['return {f"x{a}": 1, "sub": 2, "a" if b else "c": 1, name: 1, "it\\"s": "}", "z": 1}', ['c', 'it\\"s', 'z']],
  ['return {"open', []],
  ['', []],
])('%j names %j', (expression, names) => {
  expect(namedClaims(expression)).toEqual(names);
});
