import { showedLongAgo, type Visit } from '../headless.visit.ts';
import { lacksFactor, WITHOUT_FACTOR } from '../required.factor.ts';
import { failed, type Outcome, WELCOME } from './outcome.ts';
import type { Provider } from './provider.list.ts';
import type { SocialParts } from './social.parts.ts';
import type { Identity } from './social.state.ts';

/** Why nobody may connect an account now; undefined when they may. */
export async function connectRefusal(parts: SocialParts, visit: Visit): Promise<Outcome | undefined> {
  const { person, settings } = visit;
  if (person === undefined) return failed('permission_denied');
  if (await lacksFactor(parts, visit)) return { answer: WITHOUT_FACTOR, error: 'permission_denied' };
  const isDue = settings.reauthentication_required && showedLongAgo(visit);
  return isDue && (await parts.canReauthenticate(visit, person.pk)) ? failed('reauthentication_required') : undefined;
}

/** Connects an account elsewhere with whoever is signed in; one that they have connected is kept up to date. */
export async function connect(
  parts: SocialParts,
  visit: Visit,
  identity: Identity,
  provider: Provider,
): Promise<Outcome> {
  const { person, tenant } = visit;
  const refused = await connectRefusal(parts, visit);
  if (refused !== undefined || person === undefined) return refused ?? failed('permission_denied');
  const { accountsElsewhere } = parts;
  const owner = await accountsElsewhere.ownerOf(tenant, identity);
  // Of two at once one connects it: the other one is told so.
  if (!(await accountsElsewhere.connect(tenant, person.pk, identity))) return failed('connected_other');
  if (owner === undefined) accountsElsewhere.tell(visit, person.standing.user.email, 'social_connected', provider);
  return WELCOME;
}
