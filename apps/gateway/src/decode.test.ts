import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aGateway, type TestGateway } from './testing/gateway.builder.ts';

const WIDGETS = '/api/v3/conformance/widgets/';
const KEY = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
const json = { 'content-type': 'application/json' };
const good = { name: 'wheel', shape: 'round' };

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await aGateway();
});
afterAll(() => gateway.close());

async function send(method: 'POST' | 'PUT' | 'PATCH', url: string, payload: unknown, headers: object = json) {
  const body = typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : JSON.stringify(payload);
  const answer = await gateway.inject({ method, url, headers: { ...headers }, payload: body });
  return { status: answer.statusCode, body: answer.body === '' ? undefined : answer.json(), headers: answer.headers };
}

describe('a wrong body', () => {
  it.each<[string, object, object]>([
    ['a missing field', {}, { name: ['This field is required.'], shape: ['This field is required.'] }],
    ['null', { ...good, name: null }, { name: ['This field may not be null.'] }],
    ['an empty text', { ...good, name: '' }, { name: ['This field may not be blank.'] }],
    ['a text that may be left out and is empty', { ...good, alias: '' }, { alias: ['This field may not be blank.'] }],
    ['an object for a text', { ...good, name: { a: 1 } }, { name: ['Not a valid string.'] }],
    ['a boolean for a text', { ...good, name: true }, { name: ['Not a valid string.'] }],
    ['too long', { ...good, name: 'x'.repeat(9) }, { name: ['Ensure this field has no more than 8 characters.'] }],
    ['a NUL', { ...good, name: 'a\0' }, { name: ['Null characters are not allowed.'] }],
    ['a lone surrogate', { ...good, name: '\ud800' }, { name: ['Surrogate characters are not allowed.'] }],
    ['another choice', { ...good, shape: 'flat' }, { shape: ['"flat" is not a valid choice.'] }],
    ['words for a number', { ...good, weight: 'many' }, { weight: ['A valid integer is required.'] }],
    ['a fraction', { ...good, weight: 1.5 }, { weight: ['A valid integer is required.'] }],
    ['too big', { ...good, weight: 101 }, { weight: ['Ensure this value is less than or equal to 100.'] }],
    [
      'beyond 32 bits',
      { ...good, weight: 2 ** 31 },
      { weight: ['Ensure this value is less than or equal to 2147483647.'] },
    ],
    ['no boolean', { ...good, is_active: 'perhaps' }, { is_active: ['Must be a valid boolean.'] }],
    ['no number', { ...good, ratio: 'half' }, { ratio: ['A valid number is required.'] }],
    ['no list', { ...good, groups: 'all' }, { groups: ['Expected a list of items but got type "str".'] }],
    ['a bad key in a list', { ...good, groups: ['x'] }, { groups: ['“x” is not a valid UUID.'] }],
    ['an object for a key', { ...good, parent: {} }, { parent: ['Incorrect type. Expected pk value, received dict.'] }],
    [
      'a list for an object',
      { ...good, attributes: [] },
      { attributes: ['Value must be a dictionary, and not have any duplicate keys.'] },
    ],
    ['a NUL deep in JSON', { ...good, extra: [{ a: 'b\0' }] }, { extra: ['Null characters are not allowed.'] }],
    [
      'a long item',
      { ...good, colours: ['red', 'purple'] },
      { colours: { 1: ['Ensure this field has no more than 5 characters.'] } },
    ],
    [
      'a part without label',
      { ...good, parts: [{ label: 'a' }, {}] },
      { parts: [{}, { label: ['This field is required.'] }] },
    ],
    [
      'a part that is none',
      { ...good, parts: [1] },
      { parts: [{ non_field_errors: ['Invalid data. Expected a dictionary, but got int.'] }] },
    ],
  ])('is refused for %s', async (_why, body, errors) => {
    expect(await send('POST', WIDGETS, body)).toMatchObject({ status: 400, body: errors });
  });

  it.each(['2024-02-30T00:00:00Z', 'tomorrow', '0000-01-01T00:00Z', 5])(
    'is refused for the time %s',
    async (expires) => {
      const { status, body } = await send('POST', WIDGETS, { ...good, expires });
      expect([status, body.expires[0]]).toEqual([400, expect.stringMatching(/^Datetime has wrong format/)]);
    },
  );

  it('is refused with all errors at once', async () => {
    const { status, body } = await send('POST', WIDGETS, { shape: 'flat', weight: 'x', parent: 'nobody' });
    expect([status, Object.keys(body).sort()]).toEqual([400, ['name', 'parent', 'shape', 'weight']]);
  });

  it('is refused when it is no object', async () => {
    const errors = { non_field_errors: ['Invalid data. Expected a dictionary, but got list.'] };
    expect(await send('POST', WIDGETS, [])).toMatchObject({ status: 400, body: errors });
  });

  it.each([
    ['is too deep', `${'['.repeat(40)}${']'.repeat(40)}`],
    ['holds a number that nothing can', '{"a":[1e400]}'],
  ])('is refused when free-form JSON %s', async (_why, extra) => {
    const { status, body } = await send('POST', WIDGETS, `{"name":"a","shape":"round","extra":${extra}}`);
    expect([status, body]).toEqual([400, { extra: ['Value must be valid JSON.'] }]);
  });

  it.each(['{', 'nul', '{"a":1}x', Buffer.from([0x22, 0xff, 0x22])])(
    'is refused when it is not JSON: %s',
    async (text) => {
      const { status, body } = await send('POST', WIDGETS, text);
      expect([status, body.detail]).toEqual([400, expect.stringMatching(/^JSON parse error - /)]);
    },
  );

  it('is refused when its type is not taken', async () => {
    const { status, body } = await send('POST', WIDGETS, 'a=b', { 'content-type': 'text/plain' });
    expect([status, body]).toEqual([415, { detail: 'Unsupported media type "text/plain" in request.' }]);
  });
});

describe('a good body', () => {
  it('becomes the message, with unknown and read-only fields ignored and defaults filled in', async () => {
    const { status, body } = await send('POST', WIDGETS, { ...good, pk: 'mine', nothing: 1, __proto__: 2 });
    expect([status, body]).toEqual([201, expect.objectContaining({ pk: 'w1', name: 'wheel', is_active: true })]);
  });

  it('comes back with every declared field, unset ones null', async () => {
    const { body } = await send('POST', WIDGETS, { ...good, secret: 'hidden' });
    expect(body).toEqual({
      ...{ pk: 'w1', name: 'wheel', shape: 'round', weight: null, is_active: true, groups: [], parent: null },
      ...{
        attributes: null,
        extra: null,
        expires: null,
        parts: [],
        colours: [],
        kind: '',
        counters: {},
        ratio: 0,
        alias: '',
      },
    });
  });

  it('keeps free-form JSON as it is', async () => {
    const attributes = { a: [1, null, { b: 'ü' }], empty: {}, no: false, n: 1.5 };
    const { body } = await send('POST', WIDGETS, { ...good, attributes, extra: [1], counters: { one: 1 } });
    expect(body).toMatchObject({ attributes, extra: [1], counters: { one: 1 } });
  });

  it('takes times with any offset and gives them in UTC', async () => {
    const { body } = await send('POST', WIDGETS, { ...good, expires: '2030-01-01T02:00:00.123456+02:00' });
    expect(body.expires).toBe('2030-01-01T00:00:00.123Z');
  });

  it('is as lenient with scalars as the contract', async () => {
    const { body } = await send('POST', WIDGETS, { ...good, name: 12, weight: '7', is_active: 'off', ratio: '0.5' });
    expect(body).toMatchObject({ name: '12', weight: 7, is_active: false, ratio: 0.5 });
  });
});

describe('an update mask', () => {
  const url = `${WIDGETS}${KEY}/`;

  it('holds the keys of a PATCH, and null clears', async () => {
    const { body } = await send('PATCH', url, { weight: null, name: 'b', pk: 'x', kind: 'other' });
    expect([body.mask.sort(), body.widget.weight]).toEqual([['name', 'weight'], null]);
  });

  it('is empty for an empty PATCH', async () => {
    expect((await send('PATCH', url, {})).body.mask).toEqual([]);
  });

  it('holds the keys of a PUT and what a PUT resets', async () => {
    expect((await send('PUT', url, good)).body.mask.sort()).toEqual(['groups', 'name', 'shape']);
  });

  it('needs the required fields of a PUT', async () => {
    expect(await send('PUT', url, { name: 'a' })).toMatchObject({
      status: 400,
      body: { shape: ['This field is required.'] },
    });
  });

  it('is not made for a POST, whose answer may be one field', async () => {
    expect((await send('POST', `${url}touch/`, good)).body).toMatchObject({ pk: 'w1', name: 'wheel' });
  });
});

describe('a union', () => {
  const url = '/api/v3/conformance/creatures/';

  it.each<[string, object, object]>([
    ['without its discriminator', { lives: 9 }, { component: ['This field is required.'] }],
    ['of an unknown kind', { component: 'fish' }, { component: ['"fish" is not a valid choice.'] }],
    ['with a wrong member', { component: 'x-cat' }, { lives: ['This field is required.'] }],
  ])('is refused %s', async (_why, body, errors) => {
    expect(await send('POST', url, body)).toMatchObject({ status: 400, body: errors });
  });

  it.each([
    { component: 'x-cat', lives: 9 },
    { component: 'dog', tricks: ['roll'] },
  ])('comes back as $component', async (body) => {
    expect((await send('POST', url, body)).body).toEqual(body);
  });
});

describe('forms and raw bodies', () => {
  const upload = '/api/v3/conformance/uploads/';

  it('refuses text where a file belongs in JSON terms', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect(await send('POST', upload, 'file=%21', form)).toMatchObject({
      status: 400,
      body: { file: ['Must be valid base64.'] },
    });
  });

  it('refuses parts without end', async () => {
    const form = { 'content-type': 'multipart/form-data; boundary=x' };
    const { status, body } = await send('POST', upload, '--x\r\nbroken', form);
    expect([status, body.detail]).toEqual([400, expect.stringMatching(/^Multipart form parse error/)]);
  });

  it('reads a file with its name, and fields that come several times', async () => {
    const form = new FormData();
    form.append('file', new File(['\u0000\u0001abc'], 'é.png', { type: 'image/png' }));
    form.append('words', 'a');
    form.append('words', 'b');
    const request = new Response(form);
    const headers = { 'content-type': request.headers.get('content-type') ?? '' };
    const { body } = await send('POST', upload, Buffer.from(await request.arrayBuffer()), headers);
    expect(body).toEqual({ size: 5, content: 'AAFhYmM=', name: 'é.png', words: ['a', 'b'] });
  });

  it('hands a raw body through', async () => {
    const headers = { 'content-type': 'application/xml; charset=utf-8' };
    const answer = await gateway.inject({ method: 'POST', url: '/api/v3/conformance/raw/', headers, payload: '<a/>' });
    expect([answer.body, answer.headers['content-type']]).toEqual(['<a/>', headers['content-type']]);
  });
});

describe('a query', () => {
  const list = async (query: string) => {
    const answer = await gateway.inject({ url: `${WIDGETS}?${query}` });
    return { status: answer.statusCode, body: answer.json() };
  };

  it.each<[string, object]>([
    ['depth=deep', { depth: ['Enter a number.'] }],
    ['groups=x', { groups: ['Enter a valid UUID.'] }],
    ['shape=flat', { shape: ['Select a valid choice. flat is not one of the available choices.'] }],
    ['filter.since=never', { filter: { since: ['Enter a valid date/time.'] } }],
  ])('is refused: %s', async (query, errors) => {
    expect(await list(query)).toMatchObject({ status: 400, body: errors });
  });

  it('fills repeated, nested and renamed fields and defaults', async () => {
    const query = `groups=${KEY}&groups=${KEY}&user__name=a%20b&filter.min_weight=3&is_active=TRUE&page=last&unknown=1`;
    const { request } = (await list(query)).body;
    expect(request).toMatchObject({ groups: [KEY, KEY], user_name: 'a b', is_active: true, page: 'last', depth: 7 });
    expect(request.filter).toEqual({ min_weight: 3, since: null });
  });

  it('ignores what a lenient parameter or a boolean filter cannot be', async () => {
    expect((await list('page_size=-x&is_active=maybe')).body.request).toMatchObject({ page_size: 0, is_active: null });
  });

  it('has a list as the whole body where the proto says so', async () => {
    expect((await gateway.inject({ url: `${WIDGETS}${KEY}/all/` })).json()).toMatchObject([{ pk: 'w1' }]);
  });
});
