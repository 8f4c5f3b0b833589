import { invalidFields, type Violation } from '@postern/errors';
import type { Call } from '@postern/rpc';
import type { UserMessage } from './user.codec.ts';
import type { UserEntity } from './user.entity.ts';
import { userErrors } from './user.errors.ts';

const INTERNAL = 'internal_service_account';

/** Rules of a user to create. Throws field errors, all at once. */
export function requireCreatable(user: UserMessage, call: Pick<Call, 'context'>): void {
  const isOurs = call.context.principal.kind === 'service';
  const type = user.type === INTERNAL && !isOurs ? [violation('type', NO_INTERNAL)] : [];
  raise([...textViolations(user, () => true), ...type]);
}

/** The same user without the space around what identifies them: `alice ` and `alice` look alike to people. */
export function trimmed(user: UserMessage): UserMessage {
  return { ...user, username: user.username.trim(), name: user.name.trim(), email: user.email.trim() };
}

/** Rules of a user to change. Throws field errors, all at once. */
export function requireChangeable(
  before: Pick<UserEntity, 'type'>,
  user: UserMessage,
  mask: readonly string[] | undefined,
  call: Pick<Call, 'context'>,
): void {
  const touches = (field: string) => mask?.includes(field) ?? true;
  const isOurs = call.context.principal.kind === 'service';
  const isInternal = before.type === INTERNAL && !isOurs;
  const leaves = isInternal && touches('type') && user.type !== INTERNAL;
  raise([
    ...textViolations(user, touches),
    ...(leaves ? [violation('type', STAYS_INTERNAL)] : []),
    ...(touches('type') && user.type === INTERNAL && !isOurs && !isInternal ? [violation('type', NO_INTERNAL)] : []),
  ]);
  if (isInternal) throw userErrors.INTERNAL_ACCOUNT_READONLY();
}

const NO_INTERNAL = 'Setting a user to internal service account is not allowed.';
const STAYS_INTERNAL = "Can't change internal service account to other user type.";

/** The database sorts and finds by these, and an index entry holds 2,704 bytes; a character takes 4 at most, which JavaScript counts as 2. */
const LONGEST = 500;
const TOO_LONG = `Ensure this field has no more than ${LONGEST} characters.`;

function textViolations(user: UserMessage, touches: (field: string) => boolean): Violation[] {
  const { username, name, path, attributes } = user;
  const upn = attributes?.upn;
  const upnText = typeof upn === 'string' ? upn : (JSON.stringify(upn) ?? '');
  return [
    ...(touches('username') && username === '' ? [violation('username', 'This field may not be blank.')] : []),
    ...(touches('name') && name.length > LONGEST ? [violation('name', TOO_LONG)] : []),
    ...(touches('path') ? pathViolations(path) : []),
    ...(touches('attributes') && upnText.length > LONGEST ? [violation('attributes', `upn: ${TOO_LONG}`)] : []),
  ];
}

function pathViolations(path: string): Violation[] {
  if (path === '') return [violation('path', 'This field may not be blank.')];
  if (path.startsWith('/') || path.endsWith('/')) {
    return [violation('path', 'No leading or trailing slashes allowed.')];
  }
  if (path.length > LONGEST) return [violation('path', TOO_LONG)];
  return path.includes('//') ? [violation('path', 'No empty segments in user path allowed.')] : [];
}

function violation(field: string, description: string): Violation {
  return { field, description, reason: 'INVALID' };
}

function raise(violations: readonly Violation[]): void {
  if (violations.length > 0) throw invalidFields(violations);
}
