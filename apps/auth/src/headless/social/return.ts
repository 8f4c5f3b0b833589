import type { auth } from '@postern/proto';
import type { Call } from '@postern/rpc';
import type { Answer } from '../headless.answer.ts';
import { operation } from '../headless.operation.ts';
import type { Visit } from '../headless.visit.ts';
import { connect } from './connect.ts';
import { errorPage, type SocialError, withError } from './front-end.address.ts';
import { go } from './redirect.ts';
import { signIn } from './sign-in.ts';
import type { SocialParts } from './social.parts.ts';
import { type Departure, type Identity, takeDeparture } from './social.state.ts';

/** What an identity provider sends a browser back with. */
export type Answered = auth.HeadlessProviderCallbackRequest;

/** Takes in who comes back. The state of the session that they left with works once, and nowhere else. */
export function createReturn(parts: SocialParts) {
  // A request that begins again has used its state up itself.
  const departures = new WeakMap<Call, Departure>();

  function departureOf(visit: Visit, { state }: Answered): Departure | undefined {
    const taken = takeDeparture(visit, state) ?? departures.get(visit.call);
    if (taken !== undefined) departures.set(visit.call, taken);
    return taken;
  }

  return {
    /** Where a browser goes when what it came with was refused at the last moment: somebody else was quicker. */
    lost(call: Call): string | undefined {
      const departure = departures.get(call);
      return departure && withError(departure.next, 'unknown', departure.process);
    },
    operation: (answered: Answered) =>
      operation({
        client: 'browser',
        async run(visit): Promise<Answer> {
          const departure = departureOf(visit, answered);
          if (departure?.provider !== answered.provider || !isSame(visit, departure))
            return go(errorPage(parts, visit));
          const { next, process } = departure;
          const error = await arrive(parts, visit, departure, answered);
          return go(error === undefined ? next : withError(next, error, process));
        },
      }),
  };
}

/** Whoever connects an account is who they were when they left. */
function isSame({ person }: Visit, { process, user }: Departure): boolean {
  return process === 'login' || (user !== null && person?.pk === user);
}

async function arrive(
  parts: SocialParts,
  visit: Visit,
  departure: Departure,
  answered: Answered,
): Promise<SocialError | undefined> {
  if (answered.error === 'access_denied') return 'cancelled';
  if (answered.error !== '' || answered.code === '') return 'unknown';
  const provider = await parts.providers.find(visit.tenant, departure.provider);
  // What the other side does wrong is told on a page of the front end.
  const identity: Identity | undefined = await parts.sourceClient
    .complete(visit, departure, answered)
    .catch(() => undefined);
  if (provider === undefined || identity === undefined) return 'unknown';
  const outcome =
    departure.process === 'connect'
      ? await connect(parts, visit, identity, provider)
      : await signIn(parts, visit, identity, provider);
  return outcome.error ?? (outcome.answer.kind === 'plain' ? 'unknown' : undefined);
}
