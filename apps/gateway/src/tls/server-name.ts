import { isIP } from 'node:net';

const NAME = /^[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/;
const LONGEST = 253;

/**
 * The host that a client names in its handshake (RFC 6066, section 3), as hosts are looked up: lower case, without the dot that ends an
 * absolute name. Empty for no name, for an address, and for what is no host name: nobody is asked about those.
 */
export function serverNameOf(named: string | undefined): string {
  const name = (named ?? '').toLowerCase().replace(/(?<=.)\.$/, '');
  return name.length <= LONGEST && NAME.test(name) && isIP(name) === 0 ? name : '';
}
