/** What an `otpauth:` address says, for whoever cannot scan it. */
export type OtpAuth = { readonly secret: string; readonly digits: number };

/** Reads the address of a time-based secret (Key URI Format). Six digits unless it says otherwise. */
export function parseOtpAuth(url: string): OtpAuth {
  const query = URL.canParse(url) ? new URL(url).searchParams : new URLSearchParams();
  const digits = Number(query.get('digits') ?? 6);
  return { secret: query.get('secret') ?? '', digits: Number.isInteger(digits) && digits > 0 ? digits : 6 };
}

/** A secret in groups of four, as people read it out. */
export function grouped(secret: string): string {
  return secret.replaceAll(/(.{4})(?=.)/g, '$1 ');
}
