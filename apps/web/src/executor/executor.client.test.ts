import { describe, expect, it } from 'vitest';
import { createExecutorClient } from './executor.client.ts';

type Sent = { url: string; init: RequestInit };

/** A client whose server gives this answer, and what it sent. */
function given(
  answer: () => Response | Promise<Response>,
  { query = '', csrf }: { query?: string; csrf?: string } = {},
) {
  const sent: Sent[] = [];
  const client = createExecutorClient({
    slug: 'sign-in',
    query,
    cookie: (name) => (name === 'authentik_csrf' ? csrf : undefined),
    fetch: async (url, init = {}) => {
      sent.push({ url: String(url), init });
      return answer();
    },
  });
  return { client, sent };
}

const dummy = () => Response.json({ type: 'native', component: 'ak-stage-dummy' });

describe('createExecutorClient', () => {
  it('hands the query string of the page over as one form-encoded parameter', async () => {
    const { client, sent } = given(dummy, { query: '?next=/a b&x=%2F' });
    await client.current();
    expect(sent[0]?.url).toBe('/api/v3/flows/executor/sign-in/?query=next%3D%2Fa+b%26x%3D%252F');
  });

  it('answers with the component and the CSRF cookie in the header', async () => {
    const { client, sent } = given(dummy, { csrf: 'token' });
    await client.answer('ak-stage-password', { password: ' not trimmed ' });
    expect(sent[0]?.init).toMatchObject({
      method: 'POST',
      headers: { 'x-authentik-csrf': 'token', 'content-type': 'application/json' },
      body: '{"component":"ak-stage-password","password":" not trimmed "}',
    });
  });

  it.each([
    ['network', () => Promise.reject(new TypeError('Failed to fetch'))],
    ['not-found', () => new Response('{"detail":"Not found."}', { status: 404 })],
    ['server', () => new Response('<h1>Bad gateway</h1>', { status: 502 })],
    ['protocol', () => new Response('<h1>A proxy says hello</h1>')],
    ['protocol', () => Response.json(['not a challenge'])],
  ] as const)('reports a failure of kind %s instead of throwing', async (failure, answer) => {
    expect(await given(answer).client.current()).toEqual({ failure });
  });
});
