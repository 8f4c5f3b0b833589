import type { providers } from '@postern/proto';
import { type Document, textIn } from './document.reader.ts';

const LONGEST = { email: 254, username: 150, name: 255, picture: 1024 } as const;

/** Characters of claims that are handed on: whoever says more is known by what is named here. */
const LONGEST_CLAIMS = 16_384;

/** Who claims speak of: OpenID Connect Core, section 5.1. What is too long to be kept is left out. */
export function identityOf(source: string, claims: Document): providers.SourceIdentity {
  const { email_verified } = claims;
  return {
    source,
    uid: textIn(claims, 'sub') ?? '',
    email: fitting(textIn(claims, 'email')?.toLowerCase(), LONGEST.email),
    // Some say it as a text.
    email_verified: email_verified === true || email_verified === 'true',
    username: fitting(textIn(claims, 'nickname') ?? textIn(claims, 'preferred_username'), LONGEST.username),
    name: fitting(textIn(claims, 'name'), LONGEST.name),
    picture: fitting(textIn(claims, 'picture'), LONGEST.picture),
    claims: JSON.stringify(claims).length <= LONGEST_CLAIMS ? { ...claims } : {},
  };
}

function fitting(text: string | undefined, longest: number): string {
  return text !== undefined && text.length <= longest ? text : '';
}
