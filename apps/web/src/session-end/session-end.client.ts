import { type ApiClient, browserApi, isOk } from '../api/api.client.ts';
import { listOf, type Wire, wireOf } from '../executor/wire.codec.ts';
import { type Application, decodeApplication, decodeMe, type Me } from '../portal/portal.client.ts';

/** What the page knows about whoever comes to it. Everything may be missing: it must work for strangers too. */
export type Departure = {
  /** Undefined for whoever is not, or no longer, signed in. */
  readonly me?: Me;
  /** Undefined unless this person may see it. */
  readonly application?: Application;
};

type SessionEndClientDeps = { readonly fetch: typeof globalThis.fetch; readonly api?: Pick<ApiClient, 'send'> };

/** What a client may have asked for when it sent people here. */
const ASKED = ['id_token_hint', 'post_logout_redirect_uri', 'state', 'client_id'];
/** Where people sign out when the application has no word in it. */
export const SIGN_OUT = '/flows/-/default/invalidation/';

/**
 * Asks who is still signed in, and which application they come from. An answer that does not come counts as no. The application is looked up in
 * the list of those that this person may open: a single one is shown to its administrators only.
 */
export function createSessionEndClient({ fetch, api = browserApi() }: SessionEndClientDeps) {
  const find = async (path: string): Promise<Wire | undefined> => {
    try {
      const answer = await fetch(path, { headers: { accept: 'application/json' }, credentials: 'same-origin' });
      return answer.ok ? wireOf(await answer.json()) : undefined;
    } catch {
      return undefined;
    }
  };

  return {
    /** Ends the session, as the person said; answers with the address to go to. The server follows nothing that the application did not register. */
    end: async (slug: string, search: string): Promise<string> => {
      const query = new URLSearchParams(search);
      const asked = Object.fromEntries(ASKED.map((name) => [name, query.get(name) ?? '']));
      const answer = await api.send('POST', `/api/postern/v1/oauth2/end-session/${encodeURIComponent(slug)}/`, asked);
      const to: unknown = isOk(answer) ? wireOf(answer.body).to : undefined;
      return typeof to === 'string' ? to : SIGN_OUT;
    },
    load: async (slug: string): Promise<Departure> => {
      const user = await find('/api/v3/core/users/me/');
      if (user === undefined) return {};
      const found = (await find(`/api/v3/core/applications/?slug=${encodeURIComponent(slug)}`)) ?? {};
      const [application] = listOf(found, 'results', decodeApplication);
      return { me: decodeMe(wireOf(user.user)), application };
    },
  };
}
