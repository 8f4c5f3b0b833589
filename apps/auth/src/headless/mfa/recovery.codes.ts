import { bad, NOT_FOUND, ok } from '../headless.answer.ts';
import { operation } from '../headless.operation.ts';
import { problem } from '../headless.problems.ts';
import type { Visit } from '../headless.visit.ts';
import type { Account } from './account.changes.ts';
import { encodeRecoveryCodes } from './authenticators.codec.ts';
import type { Authenticators } from './authenticators.ts';

const isServed = ({ settings }: Visit) => settings.mfa_supported_types.includes('recovery_codes');

/** Shows recovery codes that are still good; where the tenant shows them once, no other time. */
export const getRecoveryCodes = (authenticators: Authenticators) =>
  operation({
    gate: 'authenticated',
    isServed,
    reauthentication: async (visit) =>
      visit.person !== undefined && (await recoveryCodesOf(authenticators, visit, visit.person.pk)) !== undefined,
    async run(visit) {
      const found = await recoveryCodesOf(authenticators, visit, visit.person.pk);
      if (found === undefined) return NOT_FOUND;
      const shown = encodeRecoveryCodes(found);
      if (!visit.settings.mfa_recovery_codes_show_once) return ok({ ...shown, unused_codes: [...found.codes] });
      if (found.codes.length === 0) return ok(shown);
      visit.effects.push(authenticators.forgetCodes(found.devices));
      return ok({ ...shown, unused_codes: [...found.codes] });
    },
  });

async function recoveryCodesOf(authenticators: Authenticators, visit: Visit, user: number) {
  return authenticators.recoveryCodes(visit, await authenticators.of(visit, user));
}

/** Makes new recovery codes; those before them are worth nothing. */
export const newRecoveryCodes = (account: Account, authenticators: Authenticators) =>
  operation({
    gate: 'authenticated',
    isServed,
    reauthentication: 'always',
    async run(visit) {
      const { person, now } = visit;
      const owned = await authenticators.of(visit, person.pk);
      const old = owned.filter((device) => device.class === 'static');
      if (old.length === owned.length) return bad(problem('cannot_generate_recovery_codes'));
      const { codes, effect } = authenticators.newCodes(visit, person.standing.user, old, true);
      visit.effects.push(effect);
      account.tell(visit, 'recovery_codes');
      const counts = { total_code_count: codes.length, unused_code_count: codes.length };
      const times = { created_at: now.getTime() / 1000, last_used_at: null };
      return ok({ type: 'recovery_codes', ...times, ...counts, unused_codes: [...codes] });
    },
  });
