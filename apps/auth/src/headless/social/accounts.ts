import type { directory } from '@postern/proto';
import { type Answer, bad, ok } from '../headless.answer.ts';
import { text } from '../headless.fields.ts';
import { operation } from '../headless.operation.ts';
import { type ProblemCode, problem } from '../headless.problems.ts';
import { type Person, Refused, type Visit } from '../headless.visit.ts';
import type { Provider } from './provider.list.ts';
import type { SocialParts } from './social.parts.ts';

/** Lists the accounts elsewhere that somebody has connected. */
export const listAccounts = (parts: SocialParts) =>
  operation({ gate: 'authenticated', run: async (visit) => listed(parts, await connected(parts, visit)) });

/** Disconnects one, unless it is the last way in. */
export const disconnectAccount = (parts: SocialParts) =>
  operation({
    gate: 'authenticated',
    reauthentication: 'if-set',
    form: { provider: text(), account: text() },
    async run(visit, { provider, account: uid }) {
      const all = await connected(parts, visit);
      const found = all.find((each) => each.provider.slug === provider && each.account.uid === uid);
      if (found === undefined) return bad(problem('account_not_found'));
      const reason = await lastOne(parts, visit);
      if (reason !== undefined && all.length === 1) return bad(problem(reason));
      const { accountsElsewhere } = parts;
      const { tenant, person } = visit;
      visit.finishing.push(async () => {
        const kept = reason === undefined ? [] : all.map(({ provider: { pk } }) => pk);
        const done = await accountsElsewhere.disconnect(tenant, person.pk, found.account, kept);
        if (done === 'unknown') throw new Refused(bad(problem('account_not_found')));
        if (done === 'last') throw new Refused(bad(problem(reason ?? 'disconnect_last')));
      });
      accountsElsewhere.tell(visit, person.standing.user.email, 'social_disconnected', found.provider);
      return listed(
        parts,
        all.filter((each) => each !== found),
      );
    },
  });

type Connected = { readonly account: directory.SocialAccount; readonly provider: Provider };
type PersonVisit = Visit & { readonly person: Person };

async function connected(parts: SocialParts, { tenant, person }: PersonVisit): Promise<readonly Connected[]> {
  const sources = new Map((await parts.providers.all(tenant)).map((source) => [source.pk, source]));
  return (await parts.accountsElsewhere.of(tenant, person.pk)).flatMap((account) => {
    const provider = sources.get(account.source);
    return provider === undefined ? [] : [{ account, provider }];
  });
}

/** Why the last account has to stay: without it nobody could sign in any more. */
async function lastOne(
  parts: SocialParts,
  { tenant, person, settings }: PersonVisit,
): Promise<ProblemCode | undefined> {
  if ((await parts.passwords.changed(tenant, person.pk)) === undefined) return 'no_password';
  const isAsked = settings.email_verification === 'mandatory';
  const boxes = isAsked ? await parts.mailboxes.list(tenant, person.pk) : [];
  return isAsked && !boxes.some(({ verified }) => verified) ? 'no_verified_email' : undefined;
}

function listed({ providers }: SocialParts, all: readonly Connected[]): Answer {
  return ok(
    all.map(({ account, provider }) => ({
      uid: account.uid,
      provider: providers.entry(provider),
      display: account.display || provider.name,
    })),
  );
}
