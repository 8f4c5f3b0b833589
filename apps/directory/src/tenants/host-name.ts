import { isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';
import { tenantErrors } from './tenant.errors.ts';

const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;
const LONGEST = 253;

/** The host name in lower case, without its port and without the dot that ends an absolute name. */
export function hostNameOf(host: string): string {
  return host
    .toLowerCase()
    .replace(/:\d+$/, '')
    .replace(/(?<=.)\.$/, '');
}

/**
 * A host name as a client sends it in its Host header: labels of letters, digits and hyphens (RFC 1123, section 2.1; underscores are in use, too), an
 * IPv4 address, or an IPv6 address in brackets. Names in other scripts become their ASCII form. Throws DOMAIN_MALFORMED.
 */
export function requireHostName(text: string): string {
  const trimmed = text.trim().toLowerCase().replace(/\.$/, '');
  if (/^\[.*\]$/.test(trimmed)) {
    if (isIPv6(trimmed.slice(1, -1))) return trimmed;
    throw tenantErrors.DOMAIN_MALFORMED();
  }
  const name = isPlain(trimmed) ? trimmed : domainToASCII(trimmed);
  if (name.length > LONGEST || !name.split('.').every((label) => LABEL.test(label)))
    throw tenantErrors.DOMAIN_MALFORMED();
  return name;
}

/** Whether nothing is to be converted. What the converter makes of a port or a path is not asked. */
function isPlain(text: string): boolean {
  return !/[^!-~]/.test(text) || /[\s/:@?#%\\]/.test(text);
}
