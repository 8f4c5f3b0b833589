/**
 * Phone numbers of people, and messages to them. A number counts as somebody's once a code that went there came back; then it is nobody
 * else's. Messages go through the stage of the tenant that sets up codes by SMS (decisions 253 and 254).
 */

export { phoneVerified } from './phone.events.ts';
export {
  createPhoneMessages,
  type MessageKind,
  type PhoneErrand,
  type PhoneMessages,
} from './phone.messages.ts';
export { PHONE_MIGRATIONS } from './phone.migrations.ts';
export { createPhoneNumbers, type PhoneNumber, type PhoneNumbers } from './phone.repository.ts';
