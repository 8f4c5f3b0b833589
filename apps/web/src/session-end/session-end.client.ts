import { wireOf } from '../executor/wire.codec.ts';
import { type Application, decodeApplication, decodeMe, type Me } from '../portal/portal.client.ts';

/** What the page knows about whoever comes to it. Everything may be missing: it must work for strangers too. */
export type Departure = {
  /** Undefined for whoever is not, or no longer, signed in. */
  readonly me?: Me;
  /** Undefined unless this person may see it. */
  readonly application?: Application;
};

type SessionEndClientDeps = { readonly fetch: typeof globalThis.fetch };

/** Asks who is still signed in, and which application they come from. An answer that does not come counts as no. */
export function createSessionEndClient({ fetch }: SessionEndClientDeps) {
  const find = async (path: string): Promise<unknown> => {
    const answer = await fetch(path, { headers: { accept: 'application/json' }, credentials: 'same-origin' });
    return answer.ok ? answer.json() : undefined;
  };

  return {
    load: async (slug: string): Promise<Departure> => {
      const [user, application] = await Promise.all(
        ['/api/v3/core/users/me/', `/api/v3/core/applications/${encodeURIComponent(slug)}/`].map((path) =>
          find(path).catch(() => undefined),
        ),
      );
      return {
        me: user === undefined ? undefined : decodeMe(wireOf(wireOf(user).user)),
        application: application === undefined ? undefined : decodeApplication(application),
      };
    },
  };
}
