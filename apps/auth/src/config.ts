import { count, countWithin, defineConfig, list, secret, text } from '@postern/config';
import { EGRESS_SETTINGS } from '@postern/egress';
import { GEO_SETTINGS } from '@postern/geo';
import { LOCKOUT_SETTINGS } from './lockout/index.ts';
import { LEAKED_SETTINGS } from './policies/index.ts';

/** Settings of the login service. */
export const authSettings = defineConfig({
  bootstrapPassword: secret(
    'Password of the default administrator, given when a fresh installation creates them. Without one, the set-up link is printed.',
  ),
  bootstrapToken: secret(
    'Key of an API token of the default administrator, given when they are created. It does not expire.',
  ),
  cookieDomain: text('Domain that session cookies are shared with. Default: the host that set them, alone.'),
  egress: defineConfig(EGRESS_SETTINGS),
  ...GEO_SETTINGS,
  duo: defineConfig({
    url: text('Address that takes the place of the one that a Duo stage names, such as that of a proxy.', ''),
  }),
  twilio: defineConfig({ url: text('Address of the API of Twilio.', 'https://api.twilio.com') }),
  hibp: defineConfig(LEAKED_SETTINGS),
  lockout: defineConfig(LOCKOUT_SETTINGS),
  links: defineConfig({
    hosts: list(
      'Hosts, with their ports, that links in mails may lead to, separated by commas. The default tenant answers to any host: a mail that was asked for under another one leads to the first of these. Default: the host that it was asked for under.',
      '',
    ),
  }),
  passwords: defineConfig({
    concurrency: count('Passwords hashed at once; each keeps a core busy. Default: the number of cores.'),
    memoryKib: countWithin(1024, 1_048_576)(
      'Memory that a new hash of a password takes (argon2id), in KiB. Less than the default is for tests: hashes that leak are guessed faster.',
      '19456',
    ),
    passes: countWithin(1, 32)('How often that memory is passed through.', '2'),
    queue: count('Sign-ins that wait for their password to be hashed before others are turned away.', '400'),
  }),
});
