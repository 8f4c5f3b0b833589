/** Answers that nobody in their right mind would give, the same ones in every run. */

import type { JsonObject, JsonValue } from '../plans/index.ts';

/** Every field that any stage reads, and some that none does. */
const FIELDS = [
  'uid_field',
  'password',
  'password_repeat',
  'remember_me',
  'token',
  'code',
  'webauthn',
  'duo',
  'selected_challenge',
  'selected_stage',
  'response',
  'phone_number',
  'nick',
  'age',
  'username',
  'email',
  'flow_token',
  'itoken',
  'constructor',
  'toString',
] as const;

const VALUES: readonly JsonValue[] = [
  '',
  ' ',
  'x',
  'alice\u0000',
  '\u202Ealice',
  '000000',
  '123456',
  'null',
  '-1',
  '00000000-0000-4000-8000-000000000000',
  `'; select 1 --`,
  'y'.repeat(5_000),
  '\uD800',
  null,
  true,
  false,
  0,
  1,
  -1,
  1.5,
  Number.MAX_SAFE_INTEGER,
  [],
  {},
  ['alice'],
  [[[[]]]],
  { component: 'x', device_class: 'totp', device_uid: '1', challenge: {} },
  { id: 'AA', rawId: 'AA', type: 'public-key', response: { clientDataJSON: 'AA', attestationObject: 'AA' } },
  { $contains: {} },
];

const COMPONENTS: readonly JsonValue[] = [
  '',
  'ak-stage-flow-error',
  'ak-stage-access-denied',
  'xak-flow-redirect',
  1,
  null,
  [],
];

/** So many answers, from a seed. `component` is that of the challenge, which some of them carry. */
export function hostileAnswers(count: number, seed: number, component: string): JsonObject[] {
  const random = sequence(seed);
  const oneOf = <T>(from: readonly T[]): T | undefined => from[Math.floor(random() * from.length)];
  return Array.from({ length: count }, (_, index) => {
    if (index === 0) return {};
    const fields = Array.from({ length: Math.floor(random() * 5) }, () => [oneOf(FIELDS), oneOf(VALUES)]);
    const claims = random();
    const claimed = claims < 0.4 ? {} : { component: claims < 0.75 ? component : (oneOf(COMPONENTS) ?? null) };
    return { ...Object.fromEntries(fields), ...claimed };
  });
}

/** Numbers from 0 to 1 (mulberry32). */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
