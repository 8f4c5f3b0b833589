import { isIP } from 'node:net';

/** Where to listen, or whom to call. */
export type Address = { readonly host: string; readonly port: number };

/** `0.0.0.0:9000`, `[::]:9000`, `auth.internal:9401`, or `:9000` for every interface. Returns undefined for anything else. */
export function parseAddress(text: string): Address | undefined {
  const [, v6, name, digits] = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9._-]*)):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65_535) return undefined;
  if (v6 !== undefined) return isIP(v6) === 6 ? { host: v6, port } : undefined;
  return { host: name || '0.0.0.0', port };
}

/** The text that `parseAddress` reads. */
export function formatAddress({ host, port }: Address): string {
  return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
}

/**
 * One address, or several separated by commas: replicas. Names stand alone, since a name may have several addresses itself; numbers are all of
 * one family. Returns undefined for anything else.
 */
export function parsePlaces(text: string): readonly Address[] | undefined {
  const places = text.split(',').map((each) => parseAddress(each.trim()));
  const known = places.filter((place) => place !== undefined);
  const families = new Set(known.map(({ host }) => isIP(host)));
  const areReplicas = known.length === 1 || (families.size === 1 && !families.has(0));
  return known.length === places.length && areReplicas ? known : undefined;
}

/** An address or a range in CIDR form, IPv4 or IPv6, in the form it was written. Returns undefined for anything else. */
export function parseNetwork(text: string): string | undefined {
  const [address = '', prefix, rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest !== undefined) return undefined;
  if (prefix === undefined) return text;
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128) ? text : undefined;
}
