import type { IncomingHttpHeaders } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** How the client reached us, after trusted proxies. */
export type Origin = {
  readonly address: string;
  readonly scheme: 'http' | 'https';
  /** Host and port as the client named them, lower case. */
  readonly host: string;
};

/** Reads where a request came from. */
export type OriginReader = (peer: string, encrypted: boolean, headers: IncomingHttpHeaders) => Origin;

/**
 * Reads the client's address, scheme and host. Forwarding headers count only when the peer is a trusted proxy; of a
 * chain in X-Forwarded-For the last address that is no trusted proxy is the client, because everything to the left of it
 * is that client's own word.
 */
export function createOriginReader(trusted: readonly string[]): OriginReader {
  const proxies = blockListOf(trusted);
  const isTrusted = (address: string) => {
    const family = isIP(address);
    return family !== 0 && proxies.check(address, family === 4 ? 'ipv4' : 'ipv6');
  };
  return (peer, encrypted, headers) => {
    const direct = plainAddress(peer);
    const scheme = encrypted ? 'https' : 'http';
    if (!isTrusted(direct)) return { address: direct, scheme, host: hostOf(headers.host) };
    const chain = lastOf(headers['x-forwarded-for'])?.split(',') ?? [];
    const proto = lastOf(headers['x-forwarded-proto'])?.split(',')[0]?.trim().toLowerCase();
    const host = lastOf(headers['x-forwarded-host'])?.split(',')[0]?.trim();
    return {
      address: clientOf(chain, direct, isTrusted),
      scheme: proto === 'https' || proto === 'http' ? proto : scheme,
      host: hostOf(host || headers.host),
    };
  };
}

function clientOf(chain: readonly string[], peer: string, isTrusted: (address: string) => boolean): string {
  let client = peer;
  for (const entry of chain.toReversed()) {
    const address = plainAddress(entry.trim());
    if (isIP(address) === 0) return client;
    client = address;
    if (!isTrusted(address)) return client;
  }
  return client;
}

function blockListOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const type = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    if (prefix === undefined) list.addAddress(address, type);
    else list.addSubnet(address, Number(prefix), type);
  }
  return list;
}

/** An IPv4 client of a dual-stack socket appears as `::ffff:192.0.2.1`; proxies may add a port. */
export function plainAddress(address: string): string {
  const bare = address.replace(/^\[(.+)\](?::\d+)?$/, '$1').replace(/^::ffff:(?=\d+\.)/i, '');
  return bare.replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1');
}

const HOST = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/;

/** A host that is safe within URLs; empty for anything else. */
function hostOf(host: string | undefined): string {
  const lower = (host ?? '').toLowerCase();
  return lower.length <= 255 && HOST.test(lower) ? lower : '';
}

function lastOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(',') : header;
}
