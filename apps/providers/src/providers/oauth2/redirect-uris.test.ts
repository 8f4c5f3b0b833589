import { expect, it } from 'vitest';
import { matchesRedirectUri, parseRedirectUris, redirectUriError } from './redirect-uris.ts';

const matches = (entries: string, uri: string) => matchesRedirectUri(parseRedirectUris(entries), uri);

it.each([
  ['https://a.example/cb', 'https://a.example/cb/'],
  ['https://a.example/cb', 'https://a.example/cb?x=y'],
  ['https://a.example/cb', 'https://a.example/cbx'],
  ['https://a.example/cb', 'https://a.example/CB'],
  ['https://a.example/cb', 'https://a.example.evil.example/cb'],
  ['https://a.example/cb', 'https://a.example@evil.example/cb'],
  ['https://a.example/cb', 'https://a.example/../cb'],
  ['https://*.a.example/cb', 'https://x.a.example/cb'],
  ['*', 'https://a.example/cb'],
  ['/cb', '/cb'],
  ['^https://[a-z]+\\.a\\.example/cb', 'https://x.a.example/cb/more'],
  ['^https://[a-z]+\\.a\\.example/cb', 'see https://x.a.example/cb'],
  ['^https://a\\.example.*', 'https://a.example@evil.example/'],
  ['^https://a\\.example.*', 'https://a.example:x@evil.example/'],
  ['^https://a\\.example/.*', 'https://a.example/\\evil'],
  ['^https://a\\.example/.*', 'https://a.example/\nx'],
  ['^https://a|evil', 'https://a.example/evil'],
  ['^.*', 'javascript:alert(1)'],
  ['^.*', ' JaVaScRiPt:alert(1)'],
  ['^.*', 'java\nscript:alert(1)'],
  ['^.*', 'data:text/html,x'],
  ['^.*', 'vbscript:x'],
  ['^.*', 'blob:https://a.example/1'],
  ['^.*', '//evil.example'],
  ['^.*', 'https://a.example/ä'],
  ['^.*', `https://a.example/${'x'.repeat(2_048)}`],
  ['http://127.0.0.1:8080/cb', 'http://127.0.0.1:9090/cb'],
  ['http://127.0.0.1/cb', 'http://127.0.0.1:9090/other'],
  ['http://127.0.0.1/cb', 'http://127.0.0.1:80@evil.example/cb'],
  ['http://127.0.0.1/cb', 'http://127.0.0.1:/cb'],
  ['http://127.0.0.1/cb', 'https://127.0.0.1:9090/cb'],
  ['http://localhost/cb', 'http://localhost:9090/cb'],
  ['http://10.0.0.1/cb', 'http://10.0.0.1:9090/cb'],
])('of what is registered as %s, does not take %s', (entries, uri) => {
  expect(matches(entries, uri)).toBe(false);
});

it.each([
  ['https://a.example/cb', 'https://a.example/cb'],
  ['https://b.example/x https://a.example/cb?q=1', 'https://a.example/cb?q=1'],
  ['com.example.app:/cb', 'com.example.app:/cb'],
  ['foo://localhost', 'foo://localhost'],
  ['^https://[a-z]+\\.a\\.example/cb', 'https://x.a.example/cb'],
  ['^(https|http)://a\\.example/(one|two)$', 'http://a.example/two'],
  ['http://127.0.0.1/cb', 'http://127.0.0.1:51004/cb'],
  ['http://127.0.0.1/cb', 'http://127.0.0.1/cb'],
  ['http://[::1]/cb?x=1', 'http://[::1]:51004/cb?x=1'],
])('of what is registered as %s, takes %s', (entries, uri) => {
  expect(matches(entries, uri)).toBe(true);
});

it('answers at once, whatever expression an administrator writes', () => {
  const evil = '^https://a\\.example/((a+)+)+$ ^(?:(?:https?:.*)*)*x$ ^https://(?:[a-z]{1,900}\\.){1,1}example/cb';
  expect(matches(evil, `https://a.example/${'a'.repeat(2_000)}!`)).toBe(false);
});

it.each([
  ['^(', 'is not a valid regular expression'],
  ['^https://(?=a)a', 'is not a valid regular expression'],
  ['^(a)\\1', 'is not a valid regular expression'],
  ['javascript:alert(1)', 'has a scheme'],
  ['^javascript:.*', 'has a scheme'],
  ['DATA:text/html,x', 'has a scheme'],
  ['vbscript:x', 'has a scheme'],
  ['https://a.example/#x', 'has a fragment'],
  ['https://user@a.example/', 'names a user'],
])('refuses to register %s', (entry, why) => {
  expect(redirectUriError(`https://ok.example/ ${entry}`)).toContain(why);
});

it('registers addresses, schemes of apps and expressions', () => {
  expect(redirectUriError('https://a.example/cb\ncom.example:/x ^https://.*\\.example/cb *')).toBeUndefined();
});
