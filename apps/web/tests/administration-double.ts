import type { Page } from 'playwright-core';

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: object) => ({ content: { 'application/json': { schema } } });
const text = { type: 'string' };
const query = (name: string, schema: object) => ({ name, in: 'query', schema });

/** As much of the OpenAPI document as a list of users takes. */
const DOCUMENT = {
  paths: {
    '/core/users/': {
      get: {
        parameters: ['page', 'page_size', 'search', 'ordering'].map((name) => query(name, text)),
        responses: { 200: json(ref('Page')) },
      },
      post: { requestBody: json(ref('User')) },
    },
    '/core/users/{id}/': { get: { responses: { 200: json(ref('User')) } }, patch: {}, delete: {} },
  },
  components: {
    schemas: {
      Page: { type: 'object', properties: { results: { type: 'array', items: ref('User') } } },
      User: {
        type: 'object',
        required: ['username'],
        properties: {
          pk: { type: 'integer', readOnly: true },
          username: text,
          name: text,
          is_active: { type: 'boolean' },
          type: { type: 'string', enum: ['internal', 'external'] },
          last_login: { type: 'string', format: 'date-time', nullable: true },
        },
      },
    },
  },
};

const user = (pk: number) => ({
  pk,
  username: `user-${String(pk).padStart(7, '0')}`,
  name: `User number ${pk}`,
  email: `${pk}@example.com`,
  is_active: pk % 7 !== 0,
  type: pk % 5 === 0 ? 'external' : 'internal',
  last_login: null,
});

/** Answers for a tenant of `count` users, within a few milliseconds each. Answers which pages were asked for. */
export async function serveUsers(page: Page, count: number): Promise<number[]> {
  const asked: number[] = [];
  await page.route('**/api/v3/**', async (route) => {
    const { pathname, searchParams } = new URL(route.request().url());
    if (pathname.endsWith('/schema/')) return route.fulfill({ json: DOCUMENT });
    if (pathname.endsWith('/me/'))
      return route.fulfill({ json: { user: { ...user(0), username: 'akadmin', avatar: '', is_superuser: true } } });
    if (pathname.endsWith('/paths/')) return route.fulfill({ json: { paths: ['users', 'users/guests'] } });
    const [number, size] = [Number(searchParams.get('page')), Number(searchParams.get('page_size'))];
    const first = (number - 1) * size + 1;
    const length = Math.max(0, Math.min(size, count - first + 1));
    if (size > 10) asked.push(number);
    await route.fulfill({
      json: { pagination: { count }, results: Array.from({ length }, (_, index) => user(first + index)) },
    });
  });
  return asked;
}
