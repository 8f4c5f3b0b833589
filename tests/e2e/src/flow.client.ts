import type { Json } from './api.client.ts';
import { ask, type Reply } from './http.client.ts';

/** Who signs in, and where. */
export type SignIn = {
  url: string;
  username: string;
  password: string;
  host?: string;
  /** Milliseconds to wait for each answer. Default 30,000. */
  patience?: number;
};

/** An answer that does not lead on. */
export class FlowStopped extends Error {
  readonly status: number;
  readonly body: string;

  constructor(status: number, body: string) {
    super(`the flow stopped with ${status}: ${body.slice(0, 500)}`);
    this.status = status;
    this.body = body;
  }
}

/** A browser without pages: it keeps cookies and speaks to the flow executor. */
export type FlowClient = {
  /** Asks for the next challenge, or answers the one at hand; follows the executor where it leads. */
  step(slug: string, answer?: Json, query?: string): Promise<Json>;
  /** Asks for an address with the cookies at hand, or sends it a body. */
  send(path: string, body?: Json): Promise<Reply>;
};

const LONGEST_WAY = 10;

/** Opens a client with an empty jar. */
export function flowClient({ url, host, patience }: Pick<SignIn, 'url' | 'host' | 'patience'>): FlowClient {
  const jar = new Map<string, string>();

  const send: FlowClient['send'] = async (path, body) => {
    const csrf = jar.get('authentik_csrf');
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const reply = await ask({
      url: new URL(path, url),
      method: body ? 'POST' : 'GET',
      headers: { cookie, ...(csrf ? { 'x-authentik-csrf': csrf } : {}) },
      body: body && JSON.stringify(body),
      host,
      patience,
    });
    for (const each of reply.headers['set-cookie'] ?? []) keep(jar, each);
    return reply;
  };

  return {
    send,
    async step(slug, answer, query = '') {
      const place = `/api/v3/flows/executor/${slug}/?query=${encodeURIComponent(query)}`;
      let reply = await send(place, answer);
      for (let hops = 0; reply.status === 302 && hops < LONGEST_WAY; hops += 1)
        reply = await send(reply.headers.location ?? place);
      if (reply.status !== 200) throw new FlowStopped(reply.status, reply.text);
      return JSON.parse(reply.text) as Json;
    },
  };
}

/** Signs in through the default flow and answers the client that is signed in. Throws FlowStopped when the flow does not lead there. */
export async function signIn({ username, password, ...where }: SignIn): Promise<FlowClient> {
  const client = flowClient(where);
  const slug = 'default-authentication-flow';
  let challenge = await client.step(slug);
  for (let steps = 0; steps < LONGEST_WAY; steps += 1) {
    if (challenge.component === 'xak-flow-redirect') return client;
    const answer = answerTo(challenge, { username, password });
    if (!answer || challenge.response_errors) throw new FlowStopped(200, JSON.stringify(challenge));
    challenge = await client.step(slug, answer);
  }
  throw new FlowStopped(200, JSON.stringify(challenge));
}

function answerTo(
  { component }: Json,
  { username, password }: Pick<SignIn, 'username' | 'password'>,
): Json | undefined {
  if (component === 'ak-stage-identification') return { component, uid_field: username };
  if (component === 'ak-stage-password') return { component, password };
  return undefined;
}

function keep(jar: Map<string, string>, header: string): void {
  const [pair = '', ...attributes] = header.split(';');
  const mark = pair.indexOf('=');
  const [name, value] = [pair.slice(0, mark).trim(), pair.slice(mark + 1).trim()];
  const isOver = attributes.some((each) => /^\s*max-age=0\s*$/i.test(each));
  if (isOver || value === '') jar.delete(name);
  else jar.set(name, value);
}
