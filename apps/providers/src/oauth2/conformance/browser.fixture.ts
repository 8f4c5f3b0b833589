/** What a browser does between a client and the authorization endpoint, for tests that read answers wherever they travel. */

import { providers } from '@postern/proto';
import { CALLBACK } from '../client.fixture.ts';
import type { aProtocol } from '../protocol.fixture.ts';

export type Protocol = Awaited<ReturnType<typeof aProtocol>>;

/** What a client is told at its address. */
export type Answer = {
  readonly mode: 'query' | 'fragment' | 'form_post';
  readonly parameters: Readonly<Record<string, string>>;
};

/** Where a request leads: back to the client, or to a page of ours. */
export type Visit = { readonly answer: Answer } | { readonly page: string };

export type Parameters = Readonly<Record<string, string>>;

/** Creates the browser. */
export function createBrowser({ endpoint, origin, withHead, complete, signIn }: Protocol) {
  /** Opens the authorization endpoint. */
  async function visit(request: Parameters, session?: string): Promise<Visit> {
    const query = new URLSearchParams(request).toString();
    const known = providers.AuthorizeRequest.fromPartial({ ...request, resource: [] });
    const from = origin({ query, ...(session === undefined ? {} : { session }) });
    const { location, answer } = await withHead((onHead) => endpoint.authorize(known, from, { onHead }));
    if (location === undefined) return { answer: answerOfForm(Buffer.from(answer.data).toString()) };
    return location.startsWith(CALLBACK) ? { answer: answerOfRedirect(location) } : { page: location };
  }

  /** Ends the flow that was started last; undefined where the answer leads elsewhere. */
  async function pass(session: string): Promise<Answer | undefined> {
    const { redirect = '', form_post } = await complete(session);
    if (form_post) return { mode: 'form_post', parameters: form_post.attrs };
    return redirect.startsWith(CALLBACK) ? answerOfRedirect(redirect) : undefined;
  }

  /** Sends a request, passes the flow where there is one, and reads the answer. */
  async function ask(request: Parameters, session = signIn()): Promise<Answer> {
    const visited = await visit(request, session);
    const answer = 'answer' in visited ? visited.answer : await pass(session);
    if (!answer) throw new Error('the client got no answer');
    return answer;
  }

  return { visit, pass, ask };
}

function answerOfRedirect(location: string): Answer {
  const { searchParams, hash } = new URL(location);
  const mode = hash === '' ? 'query' : 'fragment';
  return { mode, parameters: Object.fromEntries(mode === 'query' ? searchParams : new URLSearchParams(hash.slice(1))) };
}

function answerOfForm(html: string): Answer {
  const inputs = [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)];
  if (!html.includes(`action="${CALLBACK}"`)) throw new Error('no form for the client');
  return {
    mode: 'form_post',
    parameters: Object.fromEntries(inputs.map(([, name = '', value = '']) => [name, value])),
  };
}
