import { createHmac } from 'node:crypto';
import { deriveKey } from '@postern/database';

/** Longest address of a webhook, in characters. */
const LONGEST = 2_048;

/** Whether a text is the address of a webhook: http or https, with a host. */
export function isWebhookUrl(text: string): boolean {
  if (text.length > LONGEST || !/^https?:\/\/[^/]/i.test(text) || !URL.canParse(text)) return false;
  return /^https?:$/.test(new URL(text).protocol);
}

/** What may be said of an address: its origin. User, path and query may be secrets. */
export function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : '';
}

/** Makes digests of addresses, so that a sealed one can be looked for. One for each secret of the installation, the current one first. */
export function createUrlDigests(secrets: readonly string[]): (url: string) => string[] {
  const keys = secrets.map((secret) => deriveKey(secret, 'tasks.webhook_url'));
  return (url) => keys.map((key) => createHmac('sha256', key).update(url).digest('base64url'));
}
