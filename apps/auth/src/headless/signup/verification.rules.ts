import type { Visit } from '../headless.visit.ts';
import type { CodeRules } from '../sent.code.ts';

/** How long codes work, and how many wrong ones end it. */
export function rulesOf({ settings }: Visit): CodeRules {
  return {
    seconds: settings.email_verification_by_code_timeout,
    most: settings.email_verification_by_code_max_attempts,
  };
}
