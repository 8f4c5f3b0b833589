import type { HeadlessParts } from '../headless.parts.ts';
import { EMPTY_STATE } from '../headless.state.ts';
import type { Visit } from '../headless.visit.ts';
import type { LoginStart } from '../login.pipeline.ts';
import type { Outcome } from './outcome.ts';
import type { Provider } from './provider.list.ts';
import { type Identity, waitForSignup } from './social.state.ts';

/** Begins the login of somebody who came by an identity provider. Whoever was signed in before is not any more. */
export async function begin(
  { pipeline }: Pick<HeadlessParts, 'pipeline'>,
  visit: Visit,
  provider: Provider,
  { uid }: Identity,
  start: Omit<LoginStart, 'by' | 'record'>,
): Promise<Outcome> {
  const isSwitch = visit.person !== undefined;
  const before = visit.state;
  if (isSwitch) visit.state = EMPTY_STATE;
  waitForSignup(visit, undefined);
  const record = { method: 'socialaccount', provider: provider.slug, uid };
  const answer = await pipeline.begin(visit, { ...start, by: 'socialaccount', record });
  if (answer.kind === 'plain') visit.state = before;
  else if (isSwitch && visit.ending === undefined) visit.ending = { kind: 'leave' };
  return { answer };
}
