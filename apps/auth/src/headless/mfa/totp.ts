import { newTotpSecret, totpStep, typedCode } from '../../factors/index.ts';
import { bad, CONFLICT, later, ok } from '../headless.answer.ts';
import { type Field, text } from '../headless.fields.ts';
import { operation } from '../headless.operation.ts';
import type { HeadlessParts } from '../headless.parts.ts';
import { problem } from '../headless.problems.ts';
import { remember, type Visit } from '../headless.visit.ts';
import type { Account } from './account.changes.ts';
import { encodeTotp } from './authenticators.codec.ts';
import type { Authenticators } from './authenticators.ts';

/** Where a session keeps the secret of an app that is being set up. */
const SLOT = 'totp_setup';
const DIGITS = 6;

const isServed = ({ settings }: Visit) => settings.mfa_supported_types.includes('totp');
const appsOf = async (authenticators: Authenticators, visit: Visit, user: number) =>
  (await authenticators.of(visit, user)).filter((device) => device.class === 'totp');

/** The authenticator app somebody has, or a secret to set one up with. */
export const getTotp = ({ brandTitles }: HeadlessParts, authenticators: Authenticators) =>
  operation({
    gate: 'authenticated',
    needsFactor: false,
    isServed,
    async run(visit) {
      const { tenant, client, settings, person } = visit;
      const [app] = await appsOf(authenticators, visit, person.pk);
      if (app !== undefined) return ok(encodeTotp(app));
      if (await authenticators.isBarred(visit, person.pk))
        return { kind: 'plain', status: 409, errors: [problem('unverified_email')] };
      const secret = newTotpSecret();
      remember(visit, SLOT, { secret });
      const { email, username } = person.standing.user;
      const issuer = settings.mfa_totp_issuer || (await brandTitles.title(tenant, client.host));
      return { kind: 'plain', status: 404, meta: { secret, totp_url: totpUrl(email || username, secret, issuer) } };
    },
  });

/** A code of the app that is being set up: the time step that it belongs to. */
const setupCode =
  (visit: Visit): Field<number> =>
  (raw, param) => {
    const found = text()(raw, param);
    if ('problems' in found) return found;
    const secret = visit.state.slots[SLOT]?.secret;
    const step = typeof secret === 'string' ? totpStep(secret, typedCode(found.value), DIGITS, visit.now) : undefined;
    return step === undefined ? { problems: [problem('incorrect_code', param)] } : { value: step };
  };

/** Sets an authenticator app up; the code that showed that it works is used. */
export const activateTotp = (account: Account, authenticators: Authenticators) =>
  operation({
    gate: 'authenticated',
    needsFactor: false,
    isServed,
    form: (visit) => ({ code: setupCode(visit) }),
    reauthentication: 'always',
    async run(visit, { code: lastStep }) {
      const { pk } = visit.person;
      const secret = String(visit.state.slots[SLOT]?.secret ?? '');
      if (await authenticators.isBarred(visit, pk)) return bad(problem('unverified_email', 'code'));
      if ((await appsOf(authenticators, visit, pk)).length > 0) return CONFLICT;
      remember(visit, SLOT, undefined);
      const kept = authenticators.keep(visit, visit.person.standing.user, {
        user: pk,
        class: 'totp',
        name: 'TOTP Authenticator',
        secret,
        data: { digits: DIGITS },
        lastStep,
      });
      visit.effects.push(kept.effect);
      await account.firstCodes(visit);
      account.tell(visit, 'totp_activated');
      return later(() => ok(encodeTotp(kept.kept())));
    },
  });

/** Gives authenticator apps up; recovery codes go with the last factor that they stand in for. */
export const deactivateTotp = (account: Account, authenticators: Authenticators) =>
  operation({
    gate: 'authenticated',
    isServed,
    reauthentication: async (visit) =>
      visit.person !== undefined && (await appsOf(authenticators, visit, visit.person.pk)).length > 0,
    async run(visit) {
      const apps = await appsOf(authenticators, visit, visit.person.pk);
      if (apps.length === 0) return ok();
      await account.remove(visit, apps);
      account.tell(visit, 'totp_deactivated');
      return ok();
    },
  });

/** The address that authenticator apps read from a QR code. */
function totpUrl(label: string, secret: string, issuer: string): string {
  const parameters = [`secret=${secret}`, `issuer=${encodeURIComponent(issuer)}`];
  return `otpauth://totp/${encodeURIComponent(label)}?${parameters.join('&')}`;
}
