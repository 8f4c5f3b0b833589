import { expect, it } from 'vitest';
import type { ApiAnswer, ApiClient } from '../api/api.client.ts';
import { change, readPages } from './outcome.ts';

const given = (...answers: ApiAnswer[]) => {
  const asked: string[] = [];
  const next = async (path: string) => {
    asked.push(path);
    return answers.shift() ?? { status: 500, body: undefined };
  };
  const api: ApiClient = {
    get: next,
    text: async () => ({ status: 404, text: '' }),
    send: (_method, path) => next(path),
  };
  return { api, asked };
};

it('reads every page of a list', async () => {
  const { api, asked } = given(
    { status: 200, body: { pagination: { next: 2 }, results: [1, 2] } },
    { status: 200, body: { pagination: { next: 0 }, results: [3] } },
  );
  expect(await readPages(api, '/x/?user=1', Number)).toEqual({ value: [1, 2, 3] });
  expect(asked).toEqual(['/x/?user=1&page=1&page_size=100', '/x/?user=1&page=2&page_size=100']);
});

it('says why a list did not come', async () => {
  const troubles = [0, 403, 404, 500].map((status) => readPages(given({ status, body: {} }).api, '/x/?', Number));
  expect(await Promise.all(troubles)).toEqual(
    ['network', 'refused', 'missing', 'server'].map((trouble) => ({ trouble })),
  );
});

it('puts what is refused at its field', async () => {
  const { api } = given({ status: 400, body: { identifier: ['taken', 7], nested: { a: 1 } } });
  expect(await change(api, 'POST', '/x/', {})).toEqual({
    ok: false,
    errors: { identifier: [{ string: 'taken', code: 'invalid' }] },
  });
});

it('takes what is gone already as deleted, and not as changed', async () => {
  const gone = { status: 404, body: { detail: 'Not found.' } };
  expect(await change(given(gone).api, 'DELETE', '/x/1/')).toMatchObject({ ok: true });
  expect(await change(given(gone).api, 'PATCH', '/x/1/', {})).toMatchObject({ ok: false });
});
