import { expect, it } from 'vitest';
import { createSessionIds } from './session-id.ts';

const sessionIdOf = createSessionIds(['a secret']);

it('gives a session the same id every time, another one for each client, and never its key', () => {
  const id = sessionIdOf('session key', 1);
  expect(id).toMatch(/^[\w-]{43}$/);
  expect(sessionIdOf('session key', 1)).toBe(id);
  const others = [
    sessionIdOf('session key', 2),
    sessionIdOf('another key', 1),
    createSessionIds(['x'])('session key', 1),
  ];
  expect(new Set([id, ...others])).toHaveLength(4);
  expect(Buffer.from(id, 'base64url').toString('latin1')).not.toContain('session key');
});

it('needs a secret', () => {
  expect(() => createSessionIds([])).toThrow(TypeError);
});
