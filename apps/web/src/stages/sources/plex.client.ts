import { type ApiClient, isOk } from '../../api/api.client.ts';
import { numberOf, optionalText, wireOf } from '../../executor/wire.codec.ts';

const PLEX = 'https://plex.tv/api/v2/pins';

/** What Plex knows the sign-in by, until somebody has approved it. */
export type PlexPin = { readonly id: number; readonly code: string };

export type PlexClient = {
  /** Begins a sign-in; undefined when Plex does not answer. */
  readonly createPin: () => Promise<PlexPin | undefined>;
  /** The token, once the person has signed in at Plex. */
  readonly token: (pin: PlexPin) => Promise<string | undefined>;
  /** Hands the token to the server: where to go, or why not. */
  readonly redeem: (slug: string, token: string) => Promise<{ to: string } | { refusal: 'denied' | 'failed' }>;
};

type PlexClientDeps = {
  readonly fetch: typeof globalThis.fetch;
  readonly api: Pick<ApiClient, 'send'>;
  readonly clientId: string;
};

/** Sign-in with Plex from the browser: a pin, a window of theirs, a token. */
export function createPlexClient({ fetch, api, clientId }: PlexClientDeps): PlexClient {
  const ask = async (url: string, init: RequestInit = {}) => {
    const headers = { accept: 'application/json', 'x-plex-client-identifier': clientId };
    const answer = await fetch(url, { ...init, headers, credentials: 'omit' }).catch(() => undefined);
    return wireOf(answer?.ok ? await answer.json().catch(() => undefined) : undefined);
  };
  return {
    createPin: async () => {
      const pin = await ask(`${PLEX}.json?strong=true`, { method: 'POST' });
      const code = optionalText(pin, 'code');
      return code === undefined ? undefined : { id: numberOf(pin, 'id'), code };
    },
    token: async ({ id }) => optionalText(await ask(`${PLEX}/${id}`), 'authToken'),
    redeem: async (slug, token) => {
      const path = `/api/v3/sources/plex/redeem_token/?slug=${encodeURIComponent(slug)}`;
      const answer = await api.send('POST', path, { plex_token: token });
      const to = isOk(answer) ? optionalText(wireOf(answer.body), 'to') : undefined;
      return to ? { to } : { refusal: answer.status === 403 ? 'denied' : 'failed' };
    },
  };
}

/** The page at Plex that approves a pin. */
export function plexAddress(clientId: string, { code }: PlexPin): string {
  return `https://app.plex.tv/auth#!?${new URLSearchParams({ clientID: clientId, code })}`;
}
