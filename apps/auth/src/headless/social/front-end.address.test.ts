import { describe, expect, it } from 'vitest';
import { allowedAddress, withError } from './front-end.address.ts';

const OWN = 'https://id.example.com';
const FRONT = 'https://app.example.org:8443';
const visit = {
  client: { scheme: 'https', host: 'id.example.com' },
  settings: { trusted_origins: [FRONT] },
};

/** Hosts that are neither ours nor trusted, some of which look so. */
const HOSTS = [
  'evil.example',
  'id.example.com.evil.example',
  'evil.example.',
  'id.example.com.',
  'id.example.com:444',
  'id.example.com@evil.example',
  'user:password@id.example.com',
  'id.example.com%2f@evil.example',
  'id.example.com%5c.evil.example',
  'id.example.com\\.evil.example',
  'id.example.com\\@evil.example',
  'evil\u3002example',
  'evil\uff0eexample',
  'id\u3002example\u3002com.evil.example',
  'EVIL.example',
  '\u200devil.example',
  'xn--evil-.example',
  'app.example.org',
  'app.example.org:443',
  'app.example.org:8443.evil.example',
  'app.example.org:84430',
  '[::1]',
  '0x7f.1',
  '2130706433',
];
/** Ways of writing where a host begins. */
const BEGINNINGS = [
  'https://',
  'http://',
  'HTTPS://',
  '//',
  '///',
  '/\\',
  '\\\\',
  '\\/',
  '/\t/',
  '\n//',
  '/\r\n/',
  'https:\\\\',
  'https:////',
  ' \u0000//',
  'ht\ntps://',
];
const HOSTILE = [
  ...BEGINNINGS.flatMap((begin) => HOSTS.map((host) => `${begin}${host}/in?a=1`)),
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java\nscript:alert(1)',
  'javascript://id.example.com/%0aalert(1)',
  'data:text/html,<script>alert(1)</script>',
  'blob:https://id.example.com/7d2e',
  `blob:${FRONT}/7d2e`,
  'filesystem:https://id.example.com/x',
  'file:///etc/passwd',
  'ftp://id.example.com/',
  'ws://id.example.com/',
  'about:blank',
  'mailto:a@example.com',
  'https:',
  'https://',
  '//',
  '',
];

/** Paths that browsers could take for hosts. */
const TWISTED = [
  '/.//evil.example/',
  '/..//evil.example/',
  '/a/..//evil.example/',
  '/./\\evil.example/',
  '/%2f/evil.example/',
  '/%5cevil.example/',
  '/%2e%2e//evil.example/',
  '/.%2e//evil.example',
  './/evil.example/',
  '@evil.example/',
  '.evil.example/',
  ':443/evil',
  '/back\r\nLocation: https://evil.example/',
  '/back\u2028x',
  '/\u0000/evil.example',
  '?next=//evil.example',
  '#//evil.example',
  'https:/back',
  'https:back',
  `${OWN}//evil.example/`,
  `${OWN}/\\evil.example/`,
  `${OWN}:443/back`,
  'HTTPS://ID.EXAMPLE.COM/back',
  'https://id。example。com/back',
];

/** Where a browser is that asked us, and was sent there. */
const landing = (location: string) => new URL(location, `${OWN}/_allauth/browser/v1/auth/provider/redirect`);
const isPlain = (location: string) => /^[\x21-\x7e]+$/.test(location);

it(`refuses ${HOSTILE.length} addresses elsewhere, however they are written, or stays where it is`, () => {
  expect(HOSTILE.length).toBeGreaterThan(200);
  const astray = HOSTILE.filter((given) => {
    const found = allowedAddress(visit, given);
    if (found === undefined) return false;
    return ![found, withError(found, 'unknown', 'login')].every((one) => isPlain(one) && landing(one).origin === OWN);
  });
  expect(astray).toEqual([]);
});

it.each(['https://', 'http://', '//', '/\\', '\\\\', 'https:\\\\'])('refuses all of those hosts behind %j', (begin) => {
  expect(HOSTS.filter((host) => allowedAddress(visit, `${begin}${host}/`) !== undefined)).toEqual(
    // A browser reads a backslash as the end of the host, which is ours.
    begin === 'http://' ? [] : ['id.example.com\\.evil.example', 'id.example.com\\@evil.example'],
  );
});

it.each(['blob:', 'filesystem:', 'javascript:', 'view-source:'])('refuses our own pages behind %s', (scheme) => {
  for (const page of [`${OWN}/back`, `https://a:b@id.example.com/back`, '//id.example.com/back'])
    expect(allowedAddress(visit, `${scheme}${page}`)).toBeUndefined();
});

it.each(TWISTED)('stays at our host with %j', (given) => {
  const found = allowedAddress(visit, given) ?? '';
  for (const location of [found, withError(found, 'unknown', 'login')])
    expect([landing(location).origin, location.startsWith('//')]).toEqual([OWN, false]);
  expect(found === '' || isPlain(found)).toBe(true);
});

describe('an origin that the tenant trusts', () => {
  it.each([`${FRONT}/in?a=1`, 'HTTPS://APP.example.org:8443/in?a=1'])('is gone to: %s', (given) => {
    expect(allowedAddress(visit, given)).toBe(`${FRONT}/in?a=1`);
  });

  it.each(['null', 'about:blank', 'app.example.org', 'https://*'])('is none where the settings hold %s', (origin) => {
    const settings = { trusted_origins: [origin] };
    for (const given of ['data:text/html,x', 'javascript:1', 'https://app.example.org/', 'https://evil.example/'])
      expect(allowedAddress({ ...visit, settings }, given)).toBeUndefined();
  });
});

it.each(['', 'evil example', 'id.example.com:99999', 'a/b'])('leads nowhere from a host like %j', (host) => {
  const client = { scheme: 'https', host };
  for (const given of ['https://evil.example/', '//evil.example/', 'https://a/b'])
    expect(allowedAddress({ ...visit, client }, given)).toBeUndefined();
});
