import { defineEvent } from '@postern/messaging';
import { auth } from '@postern/proto';

/** Somebody has another password, or none any more. */
export const PASSWORD_SET = defineEvent('auth.v1.password.set', auth.PasswordSet);
