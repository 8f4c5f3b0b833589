import { expect, it } from 'vitest';
import { frontendUrl } from './frontend.urls.ts';

const site = { scheme: 'https', host: 'id.example.com' };

it.each([
  ['', 'https://id.example.com/account/verify-email/MQ%3A1x%2F'],
  ['/web/verify-email/{key}', 'https://id.example.com/web/verify-email/MQ%3A1x%2F'],
  ['/app?key={key}', 'https://id.example.com/app?key=MQ%3A1x%2F'],
  ['https://app.example.org/#/verify/{key}', 'https://app.example.org/#/verify/MQ%3A1x%2F'],
])('leads from the setting %j to %s', (pattern, address) => {
  const frontend_urls: Record<string, string> = pattern === '' ? {} : { account_confirm_email: pattern };
  expect(frontendUrl({ frontend_urls }, site, 'account_confirm_email', 'MQ:1x/')).toBe(address);
});
