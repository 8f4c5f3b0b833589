import { defineEvent, type Fact, fact } from '@postern/messaging';
import { directory } from '@postern/proto';

const CHANGED = defineEvent('directory.v1.user.email_addresses_changed', directory.EmailAddressesChanged);

/** The addresses of a user are others, or are known for other things. */
export function emailAddressesChanged(change: directory.EmailAddressesChanged): Fact {
  return fact(CHANGED, change);
}
