import { type ConfigOf, count, defineConfig, duration, networks } from '@postern/config';

type Defaults = { readonly user: string; readonly address: string; readonly device: string; readonly window: string };

function budgetOf(what: string, { user, address, device, window }: Defaults) {
  return defineConfig({
    user: count(`${what} for one account by everybody who never signed in to it; 0 does not count.`, user),
    address: count(`${what} from one network; 0 does not count.`, address),
    device: count(`${what} for one account by one device that has signed in to it before; 0 does not count.`, device),
    window: duration('Time in which as many become possible again, evenly.', window),
  });
}

/** How often people may try. */
export const LOCKOUT_SETTINGS = {
  password: budgetOf('Passwords that are tried', { user: '10', address: '200', device: '10', window: '15m' }),
  code: budgetOf('Codes that are tried', { user: '10', address: '200', device: '10', window: '15m' }),
  message: budgetOf('SMS that are sent', { user: '6', address: '100', device: '6', window: '15m' }),
  recovery: budgetOf('Recovery mails that are asked', { user: '5', address: '50', device: '5', window: '1h' }),
  userCode: budgetOf('Codes of devices that are entered', { user: '10', address: '100', device: '10', window: '15m' }),
  deviceRequest: budgetOf('Codes that devices ask for', { user: '0', address: '20', device: '0', window: '1h' }),
  ipv4Prefix: count('Bits of an IPv4 address that name a network.', '24'),
  ipv6Prefix: count('Bits of an IPv6 address that name a network.', '64'),
  exempt: networks(
    'Networks whose attempts are counted for accounts only, such as that of a proxy behind which addresses cannot be told apart.',
    '',
  ),
  deviceLife: duration('How long a device is known after somebody signed in with it.', '180d'),
};

const schema = defineConfig(LOCKOUT_SETTINGS);

/** Those settings, read. */
export type LockoutSettings = ConfigOf<typeof schema>;
