import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import {
  address,
  addressOrOff,
  ConfigError,
  choice,
  count,
  countWithin,
  defineConfig,
  duration,
  type Environment,
  flag,
  freeVariables,
  ignoredVariables,
  list,
  loadConfig,
  networks,
  secret,
  secretUrl,
  settingsPage,
  text,
  unknownVariables,
} from './index.ts';

const schema = defineConfig({
  dataDir: text('Where files live.', './data'),
  secretKey: secret('Root of all keys.'),
  listen: defineConfig({ http: address('Public HTTP.', '0.0.0.0:9000') }),
  database: defineConfig({ url: secretUrl('PostgreSQL.'), poolSize: count('Connections.', '10') }),
  session: defineConfig({ ttl: duration('How long.', '14d') }),
  trustedProxies: networks('Proxies.', '127.0.0.0/8,::1'),
  origins: list('Origins.', ''),
  logLevel: choice(['info', 'debug'])('Least level.', 'info'),
  secure: flag('Cookies.', 'true'),
});

const load = (env: Environment) => loadConfig(schema, { env });

const folder = mkdtempSync(join(tmpdir(), 'postern-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileWith(content: string): string {
  const path = join(folder, 'secret');
  writeFileSync(path, content);
  return path;
}

function refusalOf(env: Environment): string {
  try {
    load(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'accepted';
}

it('refuses an unknown name and suggests the nearest known one', () => {
  expect(refusalOf({ POSTERN_LISTEN__HTP: ':80' })).toContain(
    'POSTERN_LISTEN__HTP: is not a setting; did you mean POSTERN_LISTEN__HTTP?',
  );
});

it.each(['0', '9', '-1', '1.5', 'x'])('refuses %s where it has to lie between 1 and 8', (value) => {
  const bounded = defineConfig({ cores: countWithin(1, 8)('Cores.', '2') });
  expect(loadConfig(bounded, { env: {} }).cores).toBe(2);
  const refused = () => loadConfig(bounded, { env: { POSTERN_CORES: value } });
  expect(refused).toThrow('POSTERN_CORES: expected a whole number from 1 to 8');
});

it('reads an address that may be none', () => {
  const optional = defineConfig({ https: addressOrOff('HTTPS.') });
  const read = (value: string) => loadConfig(optional, { env: { POSTERN_HTTPS: value } }).https;
  expect([read('off'), read(':9443')]).toEqual(['off', { host: '0.0.0.0', port: 9443 }]);
  expect(() => read('none')).toThrow('POSTERN_HTTPS: expected host:port, such as 0.0.0.0:9443, or off');
});

it('names every wrong value at once, and shows none of them', () => {
  const message = refusalOf({
    POSTERN_LISTEN__HTTP: 'nonsense-1',
    POSTERN_SESSION__TTL: 'nonsense-2',
    POSTERN_TRUSTED_PROXIES: '10.0.0.0/33',
    POSTERN_DATABASE__URL: 'nonsense-3',
  });
  expect(message).toContain('POSTERN_LISTEN__HTTP: expected host:port');
  expect(message).toContain('POSTERN_SESSION__TTL: expected a duration');
  expect(message).toContain('POSTERN_TRUSTED_PROXIES: expected a list of addresses');
  expect(message).toContain('POSTERN_DATABASE__URL: expected a URL');
  expect(message).not.toContain('nonsense');
});

it('refuses a required setting that is missing', () => {
  const strict = defineConfig({ secretKey: secret.required('Key.') });
  expect(() => loadConfig(strict, { env: {} })).toThrow('POSTERN_SECRET_KEY: is required');
  expect(loadConfig(strict, { env: { POSTERN_SECRET_KEY: 'k' } }).secretKey.reveal()).toBe('k');
});

it('refuses a secret that is given both directly and as a file', () => {
  expect(refusalOf({ POSTERN_SECRET_KEY: 'a', POSTERN_SECRET_KEY_FILE: fileWith('b') })).toContain('is set twice');
});

it('refuses a file that cannot be read', () => {
  expect(refusalOf({ POSTERN_SECRET_KEY_FILE: join(folder, 'absent') })).toContain('cannot read the file');
});

it('reads defaults, frozen to the depth', () => {
  const config = load({});
  expect(config).toEqual({
    dataDir: './data',
    listen: { http: { host: '0.0.0.0', port: 9000 } },
    database: { poolSize: 10 },
    session: { ttl: 1_209_600_000 },
    trustedProxies: ['127.0.0.0/8', '::1'],
    origins: [],
    logLevel: 'info',
    secure: true,
  });
  expect(Object.isFrozen(config.listen.http)).toBe(true);
});

it('reads a secret from a file, without its last line break', () => {
  expect(load({ POSTERN_SECRET_KEY_FILE: fileWith('hidden\n') }).secretKey?.reveal()).toBe('hidden');
});

it('never prints a secret', () => {
  const config = load({ POSTERN_SECRET_KEY: 'hidden', POSTERN_DATABASE__URL: 'postgres://u:hidden@db/x' });
  for (const printed of [
    JSON.stringify(config),
    inspect(config, { depth: 9, showHidden: true }),
    `${config.secretKey}`,
  ]) {
    expect(printed).not.toContain('hidden');
  }
});

it('follows env:// and file:// with their defaults', () => {
  expect(load({ POSTERN_DATA_DIR: 'env://HOME_DIR?/x', HOME_DIR: '/y' }).dataDir).toBe('/y');
  expect(load({ POSTERN_DATA_DIR: 'env://HOME_DIR?/x' }).dataDir).toBe('/x');
  expect(load({ POSTERN_SECRET_KEY: `file://${fileWith('in file')}` }).secretKey?.reveal()).toBe('in file');
  expect(load({ POSTERN_SECRET_KEY: 'file:///absent/file?spare' }).secretKey?.reveal()).toBe('spare');
});

it('understands the names of the reference, and lets its own name win', () => {
  expect(load({ AUTHENTIK_SECRET_KEY: 'theirs' }).secretKey?.reveal()).toBe('theirs');
  expect(load({ AUTHENTIK_SECRET_KEY: 'theirs', POSTERN_SECRET_KEY: 'ours' }).secretKey?.reveal()).toBe('ours');
  expect(load({ AUTHENTIK_LISTEN__HTTP: '[::]:80' }).listen.http).toEqual({ host: '::', port: 80 });
  expect(load({ AUTHENTIK_SECRET_KEY_FILE: fileWith('k') }).secretKey?.reveal()).toBe('k');
});

it('makes a database URL of the parts that the reference names', () => {
  const config = load({
    AUTHENTIK_POSTGRESQL__HOST: 'db',
    AUTHENTIK_POSTGRESQL__USER: 'me',
    AUTHENTIK_POSTGRESQL__PASSWORD: 'p@ss/word',
    AUTHENTIK_POSTGRESQL__NAME: 'idp',
  });
  expect(config.database.url?.reveal()).toBe('postgres://me:p%40ss%2Fword@db:5432/idp');
});

it('tells which names of the reference have no meaning here', () => {
  const env = {
    AUTHENTIK_SECRET_KEY: 'k',
    AUTHENTIK_WEB__WORKERS: '4',
    AUTHENTIK_POSTGRESQL__HOST: 'db',
    PATH: '/bin',
  };
  expect(ignoredVariables([schema], env)).toEqual(['AUTHENTIK_WEB__WORKERS']);
});

it('knows the settings of other apps without reading them', () => {
  const other = defineConfig({ mail: defineConfig({ host: text('SMTP.') }) });
  const env = { POSTERN_MAIL__HOST: 'smtp' };
  expect(() => load(env)).toThrow(ConfigError);
  expect(loadConfig(schema, { env, known: [other] })).not.toHaveProperty('mail');
});

it('tells which variables none of the schemas knows', () => {
  const env = { POSTERN_SECRET_KEY: 'x'.repeat(16), POSTERN_MAIL__HOST: 'smtp', PATH: '/bin' };
  expect(unknownVariables([schema], env)).toEqual(['POSTERN_MAIL__HOST']);
});

it('documents each setting once', () => {
  const page = settingsPage([
    { title: 'All', schema },
    { title: 'Again', schema },
  ]);
  expect(page).toContain('| `POSTERN_SESSION__TTL` | a duration such as 30s, 5m or 14d | `14d` | How long. |');
  expect(page).not.toContain('## Again');
});

it('leaves the variables of blueprints to those who read them, and reads no other', () => {
  const env = { POSTERN_BLUEPRINT_COLOUR: 'red', AUTHENTIK_BLUEPRINT_ROOM: 'hall', NAMED: 'yes', PATH: '/bin' };
  expect(unknownVariables([], env)).toEqual([]);
  expect(ignoredVariables([], env)).toEqual([]);
  const read = freeVariables(['NAMED'], env);
  expect(['POSTERN_BLUEPRINT_COLOUR', 'AUTHENTIK_BLUEPRINT_ROOM', 'NAMED', 'PATH'].map(read)).toEqual([
    'red',
    'hall',
    'yes',
    undefined,
  ]);
  expect(freeVariables([], { POSTERN_BLUEPRINT_X: 'file:///nowhere' })('POSTERN_BLUEPRINT_X')).toBeUndefined();
});
