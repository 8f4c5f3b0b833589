import { frontendUrl } from '../frontend.urls.ts';
import { AUTHENTICATION, bad, ok, TOO_MANY } from '../headless.answer.ts';
import { email } from '../headless.fields.ts';
import { operation } from '../headless.operation.ts';
import type { HeadlessParts } from '../headless.parts.ts';
import { problem } from '../headless.problems.ts';
import { secondsOf, type Visit } from '../headless.visit.ts';
import { newCode } from '../user.codes.ts';
import { rememberReset } from './reset.memory.ts';

const UNKNOWN = 'The email address is not assigned to any user account.';

/**
 * Asks for a way to choose another password. Nobody is looked for: who has the address is found out by the job that writes the mail, so that
 * neither the answer nor its time tells.
 */
export const requestReset = (parts: HeadlessParts) =>
  operation({
    isServed: isResetServed,
    form: { email: email() },
    async run(visit, { email: typed }) {
      const { tenant, settings, client, now } = visit;
      if (!(await parts.limits.use(visit, 'reset_password', typed))) return TOO_MANY;
      if (settings.enumeration === 'allowed' && (await parts.resets.findPeople(tenant, typed)).length === 0)
        return bad(problem('unknown_email', 'email', UNKNOWN));
      const isByCode = settings.password_reset_by_code_enabled;
      const site = parts.siteOf(visit);
      const seconds = isByCode ? settings.password_reset_by_code_timeout : settings.password_reset_timeout;
      const code = newCode(settings.user_code_format === 'digits' ? 'digits' : 'letters');
      const page = frontendUrl(settings, site, 'account_reset_password_from_key', '__key__');
      const request = {
        email: typed,
        host: client.host,
        by: isByCode ? { code } : { page },
        expires: new Date(now.getTime() + seconds * 1000),
        signUp: settings.email_unknown_accounts ? frontendUrl(settings, site, 'account_signup') : undefined,
      };
      visit.effects.push((tx) => parts.resets.ask(tx, tenant, request));
      if (!isByCode) return ok();
      rememberReset(visit, { email: typed, code, tries: 0, began: secondsOf(now) });
      return AUTHENTICATION;
    },
  });

/** Whether a tenant lets people choose a password that they have forgotten. */
export function isResetServed({ settings }: Visit): boolean {
  return settings.password_reset_enabled;
}
