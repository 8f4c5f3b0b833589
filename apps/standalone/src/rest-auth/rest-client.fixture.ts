/** Clients of the REST auth API. */

/** An answer. */
export type RestReply = { readonly status: number; readonly body: unknown; readonly headers: Headers };

/** How a request proves who sends it, and what else differs. */
export type RestSent = {
  readonly token?: string;
  readonly basic?: string;
  readonly cookies?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: boolean;
};

/** Sends requests to a house. */
export function restAt(url: string) {
  return async (method: string, path: string, body?: unknown, sent: RestSent = {}): Promise<RestReply> => {
    const response = await fetch(`${url}${path}`, {
      method,
      redirect: 'manual',
      headers: { ...identity(sent), ...(body !== undefined && typeOf(sent)), ...sent.headers },
      ...(body !== undefined && { body: encoded(body, sent) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? '' : JSON.parse(text), headers: response.headers };
  };
}

function identity({ token, basic, cookies }: RestSent): Record<string, string> {
  const jar = Object.entries(cookies ?? {}).map(([name, value]) => `${name}=${value}`);
  return {
    ...(token !== undefined && { authorization: `Token ${token}` }),
    ...(basic !== undefined && { authorization: basicOf(basic) }),
    ...(jar.length > 0 && { cookie: jar.join('; ') }),
  };
}

/** The header of a name and a password, apart by a colon. */
export function basicOf(text: string): string {
  return `Basic ${Buffer.from(text).toString('base64')}`;
}

function typeOf({ form = false }: RestSent) {
  return { 'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json' };
}

function encoded(body: unknown, { form = false }: RestSent): string {
  return form ? new URLSearchParams(Object(body)).toString() : JSON.stringify(body);
}

/** Cookies that an answer sets, by name. */
export function cookiesOf({ headers }: RestReply): Record<string, string> {
  const pairs = headers.getSetCookie().map((line) => line.split(';')[0]?.split(/=(.*)/s) ?? []);
  return Object.fromEntries(pairs.map(([name = '', value = '']) => [name, decodeURIComponent(value)]));
}
