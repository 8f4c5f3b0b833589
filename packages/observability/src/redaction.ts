const HIDDEN = '[redacted]';
const DEEPEST = 6;
const SECRET_NAMES =
  /^(authorization|proxy[-_]authorization|cookie|cookies|set[-_]cookie|x[-_]session[-_]token|csrf[-_]?token)$|password|passwd|passphrase|secret|credential|private[-_]?key|api[-_]?key|access[-_]?token|refresh[-_]?token|id[-_]?token|session[-_]?key|code[-_]verifier|^(token|assertion|otp|totp)$/i;
const URL_LOGIN = /(\w+:\/\/)[^/?#\s@]+@/g;

/** A copy without what must not be logged: values under telling names, and logins inside URLs. Errors and instances of classes stay as they are. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (Array.isArray(value)) return depth < DEEPEST ? value.map((item) => redact(item, depth + 1)) : '[deep]';
  if (!isPlain(value)) return value;
  if (depth >= DEEPEST) return '[deep]';
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, isSecret(name, inner) ? HIDDEN : redact(inner, depth + 1)]),
  );
}

/** The text without logins inside URLs. */
export function redactText(text: string): string {
  return text.includes('://') ? text.replaceAll(URL_LOGIN, `$1${HIDDEN}@`) : text;
}

/** A count or a flag under such a name (`password_length`, `has_secret`) tells nothing. */
function isSecret(name: string, value: unknown): boolean {
  return SECRET_NAMES.test(name) && typeof value !== 'boolean' && typeof value !== 'number' && value != null;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
