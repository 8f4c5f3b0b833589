import type { Messages } from '../messages/messages.ts';

/** The field of the API that somebody's name is for: by how it looks, where there are several. */
export function nameField(methods: readonly string[], name: string): string {
  const has = (method: string) => methods.includes(method);
  if (has('email') && name.includes('@')) return 'email';
  if (has('phone') && /^\+?[\d\s()/-]{5,}$/.test(name)) return 'phone';
  return ['username', 'email', 'phone'].find(has) ?? 'username';
}

/** What to call that name. */
export function nameLabel(methods: readonly string[], { username, email, phoneNumber }: Messages): string {
  const names = [
    ['username', username],
    ['email', email],
    ['phone', phoneNumber],
  ] as const;
  const labels = names.filter(([method]) => methods.includes(method)).map(([, label]) => label);
  return labels.length === 0 ? username : labels.join(' / ');
}
