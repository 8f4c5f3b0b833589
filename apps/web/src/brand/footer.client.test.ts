import { expect, it } from 'vitest';
import { loadFooterLinks } from './footer.client.ts';

const base = 'https://id.example.com/';
const given = (status: number, body: unknown) => loadFooterLinks({ get: async () => ({ status, body }) }, base);

it('does without links when they do not come, or are none', async () => {
  expect(await given(0, undefined)).toEqual([]);
  expect(await given(200, { ui_footer_links: 'https://x' })).toEqual([]);
  expect(await given(200, { ui_footer_links: [null, 'x', { href: '/nameless' }] })).toEqual([]);
});

it('leaves out an address that would run script, and keeps the words', async () => {
  const ui_footer_links = [
    { name: 'Imprint', href: '/imprint' },
    { name: 'Trap', href: 'javascript:alert(1)' },
    { name: 'Words', href: '' },
  ];
  expect(await given(200, { ui_footer_links })).toEqual([
    { name: 'Imprint', href: 'https://id.example.com/imprint' },
    { name: 'Trap', href: undefined },
    { name: 'Words', href: undefined },
  ]);
});
