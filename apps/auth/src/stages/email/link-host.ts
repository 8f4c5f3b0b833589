import { DEFAULT_TENANT } from '@postern/database';

/**
 * Which host links in mails lead to. Whoever asks for a mail names the host, and the default tenant answers to any: a forged one would send the
 * link, and with it the account, to its owner. Other tenants are found by their domains alone.
 *
 * @param hosts those that count in the default tenant; none means whichever was asked
 */
export function createLinkHost(hosts: readonly string[]): (tenant: string, host: string) => string {
  const known = new Set(hosts.map((host) => host.toLowerCase()));
  return (tenant, host) => {
    const [first] = hosts;
    const isFree = first === undefined || tenant !== DEFAULT_TENANT;
    return isFree || known.has(host.toLowerCase()) ? host : first;
  };
}
