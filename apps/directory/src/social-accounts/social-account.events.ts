import { defineEvent, type Fact, fact } from '@postern/messaging';
import { directory } from '@postern/proto';

const TYPE = 'postern.directory.v1.SocialAccountChanged';
const CONNECTED = defineEvent('directory.v1.social_account.connected', directory.SocialAccountChanged, TYPE);
const DISCONNECTED = defineEvent('directory.v1.social_account.disconnected', directory.SocialAccountChanged, TYPE);

/** A user may sign in by an account elsewhere. */
export function connected(change: directory.SocialAccountChanged): Fact {
  return fact(CONNECTED, change);
}

/** A user may not sign in by an account elsewhere any more. */
export function disconnected(change: directory.SocialAccountChanged): Fact {
  return fact(DISCONNECTED, change);
}
