import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Trouble } from '../settings/outcome.ts';
import { nextIn } from './account.route.ts';
import { type Config, decodeConfig } from './config.ts';
import { placeAfter } from './flow.routes.ts';
import { browserCookie, createHeadlessClient, type Request } from './headless.client.ts';
import { isReauthenticationDue, type Message } from './headless.message.ts';
import { type Flow, type Who, whoIn } from './who.ts';

/** A person who is asked once more who they are. */
type Asking = { readonly flows: readonly Flow[]; readonly settle: (isShown: boolean) => void };

/** The API, and what its answers say about whoever is here. `go` opens the page that a change of it leads to. */
export function useHeadless(go: (href: string) => void) {
  const [who, setWho] = useState<Who>();
  const [config, setConfig] = useState<Config>();
  const [failure, setFailure] = useState<Trouble>();
  const [asking, setAsking] = useState<Asking>();
  const current = useRef<Who>(undefined);

  const request = useMemo<Request>(() => {
    const hear = (message: Message) => {
      const [before, after] = [current.current, whoIn(message)];
      current.current = after;
      setWho(after);
      const { search, origin } = window.location;
      const place = before && placeAfter(before, after, nextIn(search, origin));
      if (place !== undefined) go(place);
    };
    const client = createHeadlessClient({
      fetch: (...request) => fetch(...request),
      cookie: browserCookie,
      onWho: hear,
    });
    return askingAgain(client, setAsking);
  }, [go]);

  const load = useCallback(async () => {
    setFailure(undefined);
    const [session, configuration] = await Promise.all([request('GET', '/auth/session'), request('GET', '/config')]);
    if (configuration.status === 200 && session.status < 500) setConfig(decodeConfig(configuration.data));
    else setFailure(troubleOf(configuration.status === 200 ? session.status : configuration.status));
  }, [request]);
  useEffect(() => void load(), [load]);
  return { who, config, failure, retry: () => void load(), request, asking };
}

/** Where an answer wants to know once more who this is, the person is asked, one dialog for all who wait, and then the API again. */
function askingAgain(client: Request, setAsking: (asking: Asking | undefined) => void): Request {
  let waiting: Promise<boolean> | undefined;
  const show = (flows: readonly Flow[]) => {
    waiting ??= new Promise<boolean>((resolve) => {
      const settle = (isShown: boolean) => {
        waiting = undefined;
        setAsking(undefined);
        resolve(isShown);
      };
      setAsking({ flows, settle });
    });
    return waiting;
  };
  return async (...asked) => {
    const message = await client(...asked);
    if (!isReauthenticationDue(message)) return message;
    return (await show(whoIn(message).flows)) ? client(...asked) : message;
  };
}

function troubleOf(status: number): Trouble {
  if (status === 0) return 'network';
  return status === 404 ? 'missing' : 'server';
}
