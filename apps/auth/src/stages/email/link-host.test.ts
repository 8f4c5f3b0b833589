import { DEFAULT_TENANT } from '@postern/database';
import { expect, it } from 'vitest';
import { createLinkHost } from './link-host.ts';

const linkHost = createLinkHost(['id.example', 'login.example:8443']);

it.each([
  ['evil.example', 'id.example'],
  ['id.example.evil.example', 'id.example'],
  ['id.example:8443', 'id.example'],
  ['login.example:8443', 'login.example:8443'],
  ['ID.example', 'ID.example'],
])('leads who asked under %s to %s', (asked, leads) => {
  expect(linkHost(DEFAULT_TENANT, asked)).toBe(leads);
});

it('leaves tenants alone that are found by their domains', () => {
  expect(linkHost('01890000-0000-7000-8000-000000000000', 'acme.example')).toBe('acme.example');
});

it('leads anywhere where no host is named', () => {
  expect(createLinkHost([])(DEFAULT_TENANT, 'box.local:9000')).toBe('box.local:9000');
});
