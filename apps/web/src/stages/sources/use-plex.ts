import { useEffect, useMemo, useRef, useState } from 'react';
import { browserApi } from '../../api/api.client.ts';
import type { PlexChallenge } from '../../executor/source.types.ts';
import { leave } from '../../page/leave.ts';
import { createPlexClient, plexAddress } from './plex.client.ts';

/** `waiting` while the person is at Plex; the last three say how it went wrong. */
export type PlexState = 'ready' | 'waiting' | 'leaving' | 'blocked' | 'denied' | 'failed';

const PAUSE_MS = 1000;

/** Runs the sign-in at Plex. `begin` must come from a click: browsers open windows for nothing else. */
export function usePlex({ client_id: clientId, slug }: PlexChallenge) {
  const [state, setState] = useState<PlexState>('ready');
  const left = useRef(false);
  const client = useMemo(
    () => createPlexClient({ fetch: (...request) => fetch(...request), api: browserApi(), clientId }),
    [clientId],
  );
  useEffect(() => {
    left.current = false;
    return () => {
      left.current = true;
    };
  }, []);

  const begin = async () => {
    // Opened empty and at once, for after the first answer of Plex the click would be forgotten.
    const popup = window.open('', 'postern-plex', 'popup,width=550,height=700');
    if (!popup) return setState('blocked');
    setState('waiting');
    const pin = await client.createPin();
    if (!pin) {
      popup.close();
      return setState('failed');
    }
    popup.location.href = plexAddress(clientId, pin);
    const token = await tokenOf(popup, () => client.token(pin), left);
    popup.close();
    if (left.current) return;
    if (token === undefined) return setState('ready');
    const outcome = await client.redeem(slug, token);
    if ('refusal' in outcome) return setState(outcome.refusal);
    setState(leave(outcome.to) ? 'leaving' : 'failed');
  };
  return { state, begin };
}

/** Asks until there is a token or the window is closed, and then once more. */
async function tokenOf(popup: Window, ask: () => Promise<string | undefined>, left: { readonly current: boolean }) {
  for (;;) {
    const wasOpen = !popup.closed;
    const token = await ask();
    if (token !== undefined || !wasOpen || left.current) return token;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
