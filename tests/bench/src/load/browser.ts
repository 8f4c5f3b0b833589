import type { HttpAnswer, HttpConnection, HttpRequest } from './http.connection.ts';

/** A browser as far as signing in needs one: it keeps cookies, sends the CSRF token back and follows redirects of the API. */
export type Browser = {
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** The cookies kept, as a header. */
  cookie(): string;
};

const CSRF_COOKIE = 'authentik_csrf';

/** Opens a browser without a cookie; redirects are followed when `shouldFollow` says so. */
export function openBrowser(connection: HttpConnection): Browser {
  const cookies = new Map<string, string>();
  const cookie = () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  return {
    cookie,
    async send(request) {
      const csrf = cookies.get(CSRF_COOKIE);
      const headers = {
        ...request.headers,
        ...(cookies.size > 0 ? { cookie: cookie() } : {}),
        ...(csrf === undefined ? {} : { 'x-authentik-csrf': csrf }),
      };
      const answer = await connection.send({ ...request, headers });
      for (const [name, value] of answer.cookies()) cookies.set(name, value);
      return answer;
    },
  };
}

/** What the executor of a flow asks. */
export type Challenge = {
  readonly component: string;
  readonly to?: string;
  readonly password_fields?: boolean;
  readonly response_errors?: object;
};

/** Answers the challenges of a flow until it is done; resolves with where it leads. Rejects when there is no answer to a challenge. */
export async function runFlow(
  browser: Browser,
  { slug, query = '', answers }: { slug: string; query?: string; answers: Readonly<Record<string, object>> },
): Promise<string> {
  const path = `/api/v3/flows/executor/${slug}/?query=${encodeURIComponent(query)}`;
  const ask = () => browser.send({ method: 'GET', path });
  let answer = await ask();
  for (let step = 0; step < 10; step += 1) {
    if (answer.status === 302) {
      answer = await ask();
      continue;
    }
    if (answer.status !== 200)
      throw new Error(`the flow ${slug} answered ${answer.status}: ${answer.body.slice(0, 300)}`);
    const challenge: Challenge = JSON.parse(answer.body);
    if (challenge.component === 'xak-flow-redirect') return challenge.to ?? '';
    const known = answers[challenge.component];
    if (known === undefined || challenge.response_errors !== undefined)
      throw new Error(`the flow ${slug} stands still: ${answer.body.slice(0, 300)}`);
    const body = JSON.stringify({ component: challenge.component, ...known });
    answer = await browser.send({ method: 'POST', path, headers: { 'content-type': 'application/json' }, body });
  }
  throw new Error(`the flow ${slug} has no end`);
}
