import { describe, expect, it } from 'vitest';
import { cookieIn, safeTarget, safeWebTarget } from './navigation.ts';

const base = 'https://id.example.com/if/flow/sign-in/';

describe('safeTarget', () => {
  it.each([
    'javascript:alert(1)',
    ' JavaScript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    'blob:x',
    'file:///etc/passwd',
    '',
  ])('refuses %j', (to) => {
    expect(safeTarget(to, base)).toBeUndefined();
  });

  it('passes pages here and elsewhere, and the schemes of native applications', () => {
    expect(safeTarget('/if/user/', base)).toBe('https://id.example.com/if/user/');
    expect(safeTarget('https://app.example.com/cb?code=1', base)).toBe('https://app.example.com/cb?code=1');
    expect(safeTarget('com.example.app:/cb?code=1', base)).toBe('com.example.app:/cb?code=1');
  });
});

it('takes only web pages where a form is posted or a picture is shown', () => {
  expect(safeWebTarget('com.example.app:/cb', base)).toBeUndefined();
  expect(safeWebTarget('/acs', base)).toBe('https://id.example.com/acs');
});

it('finds a cookie by its whole name', () => {
  expect(cookieIn('xauthentik_csrf=no; authentik_csrf=y%3D', 'authentik_csrf')).toBe('y=');
  expect(cookieIn('', 'authentik_csrf')).toBeUndefined();
});
