import type { Fact } from '@postern/messaging';
import { recordedFact } from '@postern/resource';

/** Somebody showed that a number is theirs: an event of its own, which rules match on. The number itself is nobody's business. */
export function phoneVerified(user: { readonly pk: number; readonly username: string }): Fact {
  return recordedFact('auth', {
    action: 'custom_',
    app: 'postern.auth.phones',
    context: {
      message: 'User verified a phone number.',
      affected_user: { pk: user.pk, username: user.username },
      custom: 'phone_number_verified',
    },
  });
}
