import { sessionContext } from '../../sessions/index.ts';
import type { Visit } from '../headless.visit.ts';
import { inPlaceOfOthers } from './begin.login.ts';
import { type Outcome, WELCOME } from './outcome.ts';
import type { Provider } from './provider.list.ts';
import { signUp } from './sign-up.ts';
import type { SocialParts } from './social.parts.ts';
import type { Identity } from './social.state.ts';

/** Signs in who comes by an identity provider: whoever has connected that account, whoever reads its address where the tenant says so, or somebody new. */
export async function signIn(
  parts: SocialParts,
  visit: Visit,
  identity: Identity,
  provider: Provider,
): Promise<Outcome> {
  const { accountsElsewhere } = parts;
  const { tenant } = visit;
  const owner = await accountsElsewhere.ownerOf(tenant, identity);
  if (owner !== undefined) {
    visit.finishing.push(async () => {
      await accountsElsewhere.connect(tenant, owner.pk, identity);
      await accountsElsewhere.ownerOf(tenant, identity, true);
    });
    return owner.is_active ? begin(parts, visit, { identity, provider }, owner.pk) : WELCOME;
  }
  const reader = await readerOf(parts, visit, identity);
  if (reader === undefined) return signUp(parts, visit, identity, provider);
  if (!reader.isActive) return WELCOME;
  if (visit.settings.social_email_authentication_auto_connect)
    visit.finishing.push(async () => void (await accountsElsewhere.connect(tenant, reader.pk, identity)));
  return begin(parts, visit, { identity, provider }, reader.pk);
}

async function begin(
  { pipeline }: SocialParts,
  visit: Visit,
  { identity: { uid }, provider }: { readonly identity: Identity; readonly provider: Provider },
  user: number,
): Promise<Outcome> {
  const record = { method: 'socialaccount', provider: provider.slug, uid };
  return { answer: await inPlaceOfOthers(visit, () => pipeline.begin(visit, { user, by: 'socialaccount', record })) };
}

/** Whose address an identity provider has verified, where that is enough to sign in. */
async function readerOf(parts: SocialParts, visit: Visit, { email, email_verified }: Identity) {
  const { tenant, settings, client } = visit;
  if (!settings.social_email_authentication || !email_verified || email === '') return undefined;
  const holder = await parts.mailboxes.holderOf(tenant, email);
  if (holder === undefined) return undefined;
  const boxes = await parts.mailboxes.list(tenant, holder.pk);
  const isShown = boxes.some((box) => box.verified && box.email.toLowerCase() === email);
  if (!isShown) {
    // Somebody else may have signed up with the address: whatever they know of the account is worth nothing from now on.
    const facts = { ...holder, is_active: holder.isActive };
    const context = sessionContext(tenant, holder, client);
    visit.effects.push((tx) => parts.passwords.change(tx, facts, undefined, {}, context));
    visit.finishing.push(async () => void (await parts.mailboxes.verify(tenant, holder.pk, email)));
  }
  return holder;
}
