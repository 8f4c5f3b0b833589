import { form } from '../load/form.ts';
import type { HttpRequest } from '../load/http.connection.ts';
import type { JourneyPlan } from '../load/load.plan.ts';
import { PEER_AUTHORIZATION, type Peer } from './peer.ts';

/** An operation as a server is asked for it. Made when it is needed: tokens do not live for ever. */
export type Ask = (lanes: number) => Promise<JourneyPlan>;

/** What both providers are asked. */
export type Operation = {
  readonly name: string;
  /** Operations per second that the design asks for. */
  readonly least: number;
  readonly ask: Ask;
  /** How `oidc-provider` does the same, or the nearest to it, with its name. */
  readonly peer: { readonly name: string; ask(peer: Peer): Ask };
};

/** The same requests over and over. */
export function repeated(...requests: readonly HttpRequest[]): Ask {
  return async () => ({ journey: 'requests', options: { requests } });
}

/** A form of the client that the other provider knows. */
export function peerForm(path: string, fields: Readonly<Record<string, string>>): HttpRequest {
  return form(path, PEER_AUTHORIZATION, fields);
}
