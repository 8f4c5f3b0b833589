import { Configuration } from '@goauthentik/api';
import { expect } from 'vitest';

/** The client of the reference product, told where to call, and a list of what it called. */
export type ForeignClient = { readonly configuration: Configuration; readonly called: Set<string> };

/** Creates it. What is called is noted as `GET /core/applications/x/`. */
export function foreignClient(url: string, token: string): ForeignClient {
  const called = new Set<string>();
  const basePath = `${url}/api/v3`;
  const configuration = new Configuration({
    basePath,
    headers: { authorization: `Bearer ${token}` },
    middleware: [
      {
        post: async ({ url: asked, init, response }) => {
          if (!response.ok)
            throw new Error(`${init.method} ${asked} answered ${response.status}: ${await response.text()}`);
          called.add(`${init.method} ${new URL(asked).pathname.slice('/api/v3'.length)}`);
        },
      },
    ],
  });
  return { configuration, called };
}

/** What the contract demands and the reference product leaves out where nothing is assigned. */
const LEFT_OUT = {
  assignedApplicationSlug: '',
  assignedApplicationName: '',
  assignedBackchannelApplicationSlug: '',
  assignedBackchannelApplicationName: '',
};

/** A model that is whole by the word of the client itself: a member that it needs and did not find is none. Answers the model. */
export function whole<Model extends object>(isWhole: (value: object) => boolean, model: Model): Model {
  const found = Object.fromEntries(Object.entries(model).filter(([, value]) => value !== undefined));
  expect(isWhole({ ...LEFT_OUT, ...found }), `something is missing in ${JSON.stringify(found)}`).toBe(true);
  for (const value of Object.values(found)) if (value instanceof Date) expect(value.getTime()).not.toBeNaN();
  return model;
}

/** The results of a page that is whole, and each of them too. */
export function wholePage<Model extends object>(
  isWhole: (value: object) => boolean,
  { pagination, results }: { pagination: { count: number; current: number }; results: Model[] },
): Model[] {
  expect(pagination.count).toBeGreaterThanOrEqual(results.length);
  expect(pagination.current).toBe(1);
  expect(results).not.toEqual([]);
  for (const each of results) whole(isWhole, each);
  return results;
}

/** The operations below these paths that the document names and the list of calls does not: `GET /core/applications/{slug}/`. */
export function uncalled(document: unknown, prefixes: readonly string[], called: ReadonlySet<string>): string[] {
  const { paths } = document as { paths: Record<string, Record<string, unknown>> };
  const wanted = Object.entries(paths).flatMap(([path, methods]) => {
    const place = path.replace(/^\/api\/v3/, '');
    if (!prefixes.some((prefix) => place.startsWith(prefix))) return [];
    return Object.keys(methods).map((method) => ({ method: method.toUpperCase(), place }));
  });
  expect(wanted.length).toBeGreaterThan(0);
  return wanted
    .filter(({ method, place }) => {
      const pattern = new RegExp(`^${method} ${place.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`);
      return ![...called].some((each) => pattern.test(each));
    })
    .map(({ method, place }) => `${method} ${place}`);
}
