import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createComposer } from './mail.composer.ts';

const folder = mkdtempSync(join(tmpdir(), 'postern-templates-'));
mkdirSync(join(folder, 'team'));
writeFileSync(join(folder, 'team/welcome.html'), '<p>Welcome, {{user.name}}: <a href="{{url}}">come in</a></p>');
writeFileSync(join(folder, 'whole.html'), '<html><body>{{user.name}}</body></html>');
writeFileSync(join(folder, 'whole.txt'), 'text for {{user.name}}');
writeFileSync(join(folder, 'broken.html'), '<p>\n{{#if a}}</p>');
writeFileSync(join(folder, 'large.html'), 'x'.repeat(300 * 1024));
symlinkSync('/etc/hostname', join(folder, 'outside.html'));
afterAll(() => rmSync(folder, { recursive: true }));

const composer = createComposer({ templateDir: folder });
const context = {
  url: 'https://id.example.com/if/flow/recovery/?flow_token=abc',
  user: { name: 'Ada <b>', username: 'ada' },
  expires: '2026-11-21T23:53:10.000Z',
};
const compose = (template: string) => composer.compose({ template, subject: 'A\r\nBcc: x', context });

it.each([
  '../mail.html',
  'team/../../mail.html',
  '/etc/passwd',
  'team//welcome.html',
  'outside.html',
  'large.html',
  'email/layout.txt',
  'nothing.html',
])('knows no template called %s', (name) => {
  expect(composer.has(name)).toBe(false);
  expect(() => compose(name)).toThrow('there is no such template');
});

it('names the line of a faulty template', () => {
  expect(() => compose('broken.html')).toThrow('broken.html, line 2: {{#if}} has no end');
});

it.each(['email/password_reset.html', 'email/account_confirmation.html', 'email/verify_address.html'])(
  'writes %s in both forms',
  (name) => {
    const { html, text, subject, shown } = compose(name);
    expect(subject).toBe('A Bcc: x');
    expect(html).toContain('Ada &lt;b&gt;');
    expect(html).toContain('until 21 November 2026, 23:53 UTC');
    expect(html.match(/href="https:\/\/id\.example\.com\/if\/flow\/recovery\/\?flow_token=abc"/g)).toHaveLength(2);
    expect(text).toContain('Hello Ada <b>,');
    expect(text).toContain(context.url);
    expect(`${html}${text}`).not.toMatch(/\{\{|\[object/);
    // What opens a door never reaches the audit log.
    expect(shown).toContain('********************');
    expect(shown).not.toContain('flow_token');
  },
);

it.each(['email/verify_code.html', 'email/login_code.html', 'email/password_reset_code.html'])(
  'writes %s with its code on a line',
  (template) => {
    const { html, text, shown } = composer.compose({
      template,
      subject: 'A',
      context: { ...context, code: 'BCDF-GHJK' },
    });
    expect(html).toContain('>BCDF-GHJK<');
    expect(text).toMatch(/^BCDF-GHJK$/m);
    expect(shown).not.toContain('BCDF-GHJK');
  },
);

it.each(['email/account_exists.html', 'email/unknown_account.html'])(
  'writes %s to whoever reads an address',
  (template) => {
    const { html, text } = composer.compose({
      template,
      subject: 'A',
      context: { url: context.url, email: 'ada@example.com' },
    });
    for (const form of [html, text]) expect(form).toContain('the address ada@example.com.');
    expect(text).toMatch(/^https:\/\/id\.example\.com\S+$/m);
    expect(`${html}${text}`).not.toMatch(/\{\{|\[object/);
  },
);

it('takes templates of the operator before its own, within our frame unless they bring one', () => {
  expect(compose('team/welcome.html').html).toMatch(/Postern[\s\S]*Welcome, Ada &lt;b&gt;/);
  expect(compose('team/welcome.html').text).toContain(`come in (${context.url})`);
  expect(compose('whole.html')).toMatchObject({
    html: '<html><body>Ada &lt;b&gt;</body></html>',
    text: 'text for Ada <b>',
  });
  expect(composer.choices().map(({ label }) => label)).toEqual([
    'Password Reset',
    'Account Confirmation',
    'Custom Template: broken.html',
    'Custom Template: team/welcome.html',
    'Custom Template: whole.html',
  ]);
});
