import { gatewayConfig } from '@postern/gateway';
import { serviceSettings } from '@postern/service';
import { tasks } from '@postern/tasks';
import { expect, it } from 'vitest';
import { withInbox } from './development.ts';

const known = [serviceSettings, gatewayConfig, tasks.settings];
const isOn = (env: Record<string, string>) => withInbox(env, known).POSTERN_EMAIL__DEV_INBOX === 'true';
const LOCAL = { POSTERN_LISTEN__HTTP: '127.0.0.1:9000' };

it.each([
  ['listens for everybody', {}],
  ['has a mail server', { ...LOCAL, POSTERN_EMAIL__HOST: 'mail.example.com' }],
  ['has a mail server under its other name', { ...LOCAL, AUTHENTIK_EMAIL__HOST: 'mail.example.com' }],
  ['stands behind a proxy', { ...LOCAL, POSTERN_TRUSTED_PROXIES: '127.0.0.1' }],
  ['was told not to', { ...LOCAL, POSTERN_EMAIL__DEV_INBOX: 'false' }],
  ['serves HTTPS to everybody', { ...LOCAL, POSTERN_LISTEN__HTTPS: '0.0.0.0:9443' }],
  ['listens at a name that looks local', { POSTERN_LISTEN__HTTP: '127.0.0.1.example.com:9000' }],
])('keeps no mails where the process %s', (_what, env) => expect(isOn(env)).toBe(false));

it.each(['127.0.0.1:9000', '[::1]:9000', 'localhost:9000'])('keeps mails on %s', (http) => {
  expect(isOn({ POSTERN_LISTEN__HTTP: http })).toBe(true);
  expect(isOn({ POSTERN_LISTEN__HTTP: http, POSTERN_LISTEN__HTTPS: 'off' })).toBe(true);
});
