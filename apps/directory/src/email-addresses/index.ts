/**
 * E-mail addresses of users: several, of which one is primary and is what `email` of the user says. A verified address belongs to one user of the
 * tenant, however its letters are cased. The database keeps both in step, whoever writes. Decision 231.
 */

export { emailAddressErrors } from './email-address.errors.ts';
export { EMAIL_ADDRESS_MIGRATIONS } from './email-address.migrations.ts';
export { bindEmailAddresses } from './email-address.rpc.ts';
