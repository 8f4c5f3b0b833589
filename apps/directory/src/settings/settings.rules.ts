import { settingsErrors } from './settings.errors.ts';

const LONGEST = 2_000;
const MODE = /^(initials|gravatar|none|attributes(\.[^.,\s]+)+|https?:\/\/[^\s,]+)$/;

/** Refuses what no picture can be found with. Throws AVATARS_MALFORMED. */
export function requireAvatars(avatars: string): string {
  const wrong = avatars.split(',').find((mode) => !MODE.test(mode.trim()));
  if (wrong !== undefined || avatars.length > LONGEST)
    throw settingsErrors.AVATARS_MALFORMED({ mode: (wrong ?? avatars).trim().slice(0, 100) });
  return avatars;
}

/** Characters of JSON that links below a page may take. */
const MOST = 20_000;

/** Schemes whose addresses run in the page, or claim to be one of ours. Browsers skip white space and control characters in them. */
const SCRIPT = /^(javascript|data|vbscript):/i;

/** Refuses links that would run a program in the pages. Any other JSON is as good as it was. Throws FOOTER_LINKS_MALFORMED. */
export function requireFooterLinks(value: unknown): unknown {
  if (value === undefined || value === null) throw malformed('This field may not be null.');
  if (JSON.stringify(value).length > MOST) throw malformed(`Ensure this field has no more than ${MOST} characters.`);
  if (Array.isArray(value) && value.some(isProgram)) throw malformed('A link must not run a program.');
  return value;
}

function isProgram(link: unknown): boolean {
  if (typeof link !== 'object' || link === null || !('href' in link)) return false;
  return typeof link.href === 'string' && SCRIPT.test(link.href.replaceAll(/[^!-\u{10ffff}]/gu, ''));
}

function malformed(problem: string) {
  return settingsErrors.FOOTER_LINKS_MALFORMED({ problem });
}
