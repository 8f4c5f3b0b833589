import { afterAll, beforeAll, expect, it } from 'vitest';
import { aGateway, type TestGateway } from './testing/gateway.builder.ts';

/** A small generator of pseudo-random numbers (mulberry32), so that a failure can be repeated. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const NAMES = ['name', 'shape', 'weight', 'is_active', 'groups', 'parent', 'attributes', 'extra', 'expires', 'parts'];
const MORE = [
  'colours',
  'counters',
  'ratio',
  'kind',
  'secret',
  'note',
  '__proto__',
  'constructor',
  '',
  'label',
  'component',
];
const TEXTS = [
  '',
  'round',
  '\0',
  '\ud800',
  '2030-01-01',
  '1e400',
  '-1',
  'true',
  '%',
  '"',
  '💥',
  '../..',
  'x'.repeat(300),
];
const LEAVES = [null, true, 0, -0, 1.5, 1e308, 2 ** 53, -(2 ** 31), ...TEXTS];
const TYPES = [
  'application/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=b',
  'text/plain',
  ';',
  '',
];
const PATHS = [
  '/api/v3/conformance/widgets/',
  '/api/v3/conformance/widgets/3f2504e0-4f89-41d3-9a0c-0305e82c3301/',
  '/api/v3/conformance/numbers/1/',
  '/api/v3/conformance/creatures/',
  '/api/v3/conformance/uploads/',
  '/conformance/token/',
];

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await aGateway();
});
afterAll(() => gateway.close());

it('never answers with a server error to any body, query or header', async () => {
  const random = createRandom(20_261_121);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const value = (depth: number): unknown => {
    const kind = random();
    if (depth > 4 || kind < 0.6) return pick(LEAVES);
    const size = Math.floor(random() * 4);
    if (kind < 0.8) return Array.from({ length: size }, () => value(depth + 1));
    return Object.fromEntries(Array.from({ length: size }, () => [pick([...NAMES, ...MORE]), value(depth + 1)]));
  };
  const cut = (text: string) => (random() < 0.1 ? text.slice(0, Math.floor(random() * text.length)) : text);
  const failures: unknown[] = [];
  for (let round = 0; round < 1_500; round += 1) {
    const whole = Object.fromEntries([...NAMES, ...MORE].filter(() => random() < 0.4).map((name) => [name, value(0)]));
    const query = new URLSearchParams([[pick([...NAMES, 'page_size', 'filter.since', 'depth']), pick(TEXTS)]]);
    const request = {
      method: pick(['POST', 'PUT', 'PATCH', 'GET', 'DELETE'] as const),
      url: `${pick(PATHS)}?${cut(query.toString())}`,
      headers: {
        'content-type': random() < 0.8 ? 'application/json' : pick(TYPES),
        authorization: 'Bearer viewer-token',
      },
      payload: cut(JSON.stringify(random() < 0.9 ? whole : value(0))),
    };
    const { statusCode, body } = await gateway.inject(request);
    if (statusCode >= 500) failures.push([statusCode, body, request]);
  }
  expect(failures).toEqual([]);
});
