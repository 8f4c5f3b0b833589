import type { auth } from '@postern/proto';
import type { Answer } from '../headless.answer.ts';
import { operation } from '../headless.operation.ts';
import { secondsOf, type Visit } from '../headless.visit.ts';
import { connectRefusal } from './connect.ts';
import { allowedAddress, errorPage, withError } from './front-end.address.ts';
import type { SocialParts } from './social.parts.ts';
import { noteDeparture, PROCESSES } from './social.state.ts';

/** Sends the browser elsewhere. */
export function go(location: string): Answer {
  return { kind: 'plain', status: 302, meta: { location } };
}

/** Sends a browser to an identity provider. A person sits before it: whatever is wrong leads to a page. */
export const redirectToProvider = (parts: SocialParts, form: auth.HeadlessProviderRedirectRequest) =>
  operation({ client: 'browser', run: (visit) => depart(parts, visit, form) });

async function depart(parts: SocialParts, visit: Visit, form: auth.HeadlessProviderRedirectRequest): Promise<Answer> {
  const process = PROCESSES.find((each) => each === form.process);
  const next = allowedAddress(visit, form.callback_url);
  const provider = await parts.providers.find(visit.tenant, form.provider);
  if (process === undefined || next === undefined || !provider?.redirects) return go(errorPage(parts, visit));
  const refused = process === 'connect' ? await connectRefusal(parts, visit) : undefined;
  if (refused !== undefined) return go(withError(next, refused.error ?? 'unknown', process));
  const begun = await parts.sourceClient.begin(visit, provider.slug).catch(() => undefined);
  if (begun === undefined) return go(withError(next, 'unknown', process));
  const { url, state, sealed } = begun;
  const user = visit.person?.pk ?? null;
  noteDeparture(visit, state, { provider: provider.slug, process, next, sealed, user, began: secondsOf(visit.now) });
  return go(url);
}
