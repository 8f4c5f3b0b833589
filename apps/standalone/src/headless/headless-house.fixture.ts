/** The whole house in one process, and clients of the headless API in front of it. */

import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auth } from '@postern/auth';
import { DEFAULT_TENANT } from '@postern/database';
import { directory } from '@postern/directory';
import { gatewayApp } from '@postern/gateway';
import { createLogger, type Logger } from '@postern/observability';
import { auth as authProtos, directory as directoryProtos } from '@postern/proto';
import { providers } from '@postern/providers';
import { asService } from '@postern/rpc';
import { startProcess } from '@postern/service';
import { tasks } from '@postern/tasks';
import { freePorts, type ReceivedMail, type SmtpSink, startSmtpSink, TEST_SECRET } from '@postern/testkit';
import { afterAll } from 'vitest';
import { FRUGAL, houseDatabase } from '../house.fixture.ts';
import { type DocumentedAnswers, documentedAnswers } from './documented.answers.fixture.ts';

/** A JSON value of an answer. */
export type Json = Readonly<Record<string, unknown>>;

/** An answer, with what a client looks at. */
export type HeadlessReply = {
  readonly status: number;
  readonly body: Json;
  readonly headers: Headers;
};

/** How a request differs from the usual one. */
export type Sent = { readonly headers?: Readonly<Record<string, string>>; readonly raw?: string };

/** A client of the API: it keeps its token, or its cookies, as real ones do. */
export type HeadlessClient = {
  send(method: string, path: string, body?: unknown, sent?: Sent): Promise<HeadlessReply>;
  get(path: string, sent?: Sent): Promise<HeadlessReply>;
  post(path: string, body?: unknown, sent?: Sent): Promise<HeadlessReply>;
  put(path: string, body?: unknown): Promise<HeadlessReply>;
  patch(path: string, body?: unknown): Promise<HeadlessReply>;
  remove(path: string, body?: unknown, sent?: Sent): Promise<HeadlessReply>;
  /** The token of an app; undefined before the first one. */
  token: string | undefined;
  /** The cookies of a browser. */
  readonly cookies: Map<string, string>;
};

/** A house in which a test lives. */
export type HeadlessHouse = Awaited<ReturnType<typeof headlessHouse>>;

/** Starts everything for one test file. Mails go to a sink; nothing but what the test does happens, unless settings say otherwise. */
export async function headlessHouse(env: Readonly<Record<string, string>> = {}, log = houseLog()) {
  const { url: database, sql } = await houseDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'postern-headless-'));
  const sink = await startSmtpSink();
  const { running, port } = await startOnFreePort(
    {
      POSTERN_SECRET_KEY: TEST_SECRET,
      POSTERN_DATABASE__URL: database,
      POSTERN_LISTEN__HTTPS: 'off',
      POSTERN_LISTEN__METRICS: '127.0.0.1:0',
      POSTERN_BLUEPRINTS__DIR: folder,
      POSTERN_EMAIL__HOST: '127.0.0.1',
      POSTERN_EMAIL__PORT: String(sink.port),
      ...FRUGAL,
      ...env,
    },
    log,
  );
  afterAll(async () => {
    await running.stop();
    await sink.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const url = `http://127.0.0.1:${port}`;
  const users = running.client(directoryProtos.UserServiceDefinition, 'directory');
  const credentials = running.client(authProtos.CredentialServiceDefinition, 'auth');
  const documented = documentedAnswers(url);
  return {
    url,
    sql,
    sink,
    running,
    /** The first mail to an address that this was not asked for before; waits until there is one. */
    mailTo: mailsOf(sink),
    tenant: DEFAULT_TENANT,
    app: (base = `${url}/_allauth/app/v1`) => clientAt(base, 'app', documented),
    browser: (base = `${url}/_allauth/browser/v1`) => clientAt(base, 'browser', documented),
    /** Changes settings of the tenant; the others keep what they are. */
    async set(settings: Partial<authProtos.HeadlessSettings>): Promise<void> {
      await sql(
        `insert into auth.headless_settings (tenant_id, pk, settings) values ($1, gen_random_uuid(), $2)
         on conflict (tenant_id) do update set settings = auth.headless_settings.settings || excluded.settings`,
        [DEFAULT_TENANT, JSON.stringify(settings)],
      );
    },
    /** Back to the settings that every tenant has. */
    reset: () => sql('delete from auth.headless_settings'),
    /** Lets everything be tried again. */
    forgetRates: () => sql('delete from auth.headless_rate'),
    /** What a request is answered whose session, the newest one, goes while it is looked at, as if another replica had been faster. */
    async overtaken(request: () => Promise<HeadlessReply>): Promise<HeadlessReply> {
      const newest = 'select pk from auth.headless_session order by created desc limit 1';
      const going = sql(`delete from auth.headless_session where pk = (${newest}) returning pg_sleep(0.4)`);
      const SLEEPING = "select 1 from pg_stat_activity where wait_event = 'PgSleep' and query like 'delete from auth%'";
      while ((await sql(SLEEPING)).length === 0);
      const [reply] = await Promise.all([request(), going]);
      return reply;
    },
    /** Somebody new, with a password unless it is empty. */
    async person(given: { username?: string; email?: string; password?: string } = {}) {
      const username = given.username ?? `user-${randomUUID().slice(0, 8)}`;
      const email = given.email ?? `${username}@example.com`;
      const password = given.password ?? 'a long walk in the hills';
      const origin = asService(DEFAULT_TENANT);
      const user = await users.createUser(
        { user: { username, name: username, email, is_active: true, path: 'users', type: 'internal' } },
        origin,
      );
      const { pk, uuid } = user;
      const facts = { pk, uuid, username, name: username, email, type: 'internal', is_active: true, path: 'users' };
      if (password !== '') await credentials.setUserPassword({ user: facts, password }, origin);
      return { pk, uuid, username, email, password };
    },
  };
}

function houseLog(): Logger {
  return createLogger({ level: process.env.LOUD ? 'debug' : 'silent' });
}

/** A mail as people read it. */
type ReadMail = { readonly subject: string; readonly text: string };

function mailsOf(sink: SmtpSink): (address: string) => Promise<ReadMail> {
  const taken = new Set<ReceivedMail>();
  return async (address) => {
    for (;;) {
      const mail = sink.mails.find((one) => one.to.includes(address) && !taken.has(one));
      if (mail === undefined) {
        await sink.next();
        continue;
      }
      taken.add(mail);
      const text = mail.body
        .replaceAll(/=\r?\n/g, '')
        .replaceAll(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
      return { subject: mail.header('subject') ?? '', text };
    }
  };
}

/** Starts the process; once more on another port where somebody took it meanwhile. */
async function startOnFreePort(env: Readonly<Record<string, string>>, log: Logger, tries = 3) {
  const [port] = await freePorts(1);
  const manifests = [directory, auth, providers, tasks, gatewayApp];
  try {
    const listening = { ...env, POSTERN_LISTEN__HTTP: `127.0.0.1:${port}` };
    return { running: await startProcess({ manifests, env: listening, log }), port };
  } catch (error) {
    const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    if (!isTaken || tries <= 1) throw error;
    return startOnFreePort(env, log, tries - 1);
  }
}

function clientAt(base: string, kind: 'app' | 'browser', documented: DocumentedAnswers): HeadlessClient {
  const cookies = new Map<string, string>();
  const client: HeadlessClient = {
    token: undefined,
    cookies,
    async send(method, path, body, { headers = {}, raw } = {}) {
      if (kind === 'browser' && method !== 'GET' && !cookies.has('csrftoken')) await client.get('/auth/session');
      const text = raw ?? (body === undefined ? undefined : JSON.stringify(body));
      const response = await fetch(`${base}${path}`, {
        method,
        redirect: 'manual',
        headers: {
          ...identity(client, kind),
          ...(text === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(text === undefined ? {} : { body: text }),
      });
      const answer = { status: response.status, body: parsed(await response.text()), headers: response.headers };
      keep(client, kind, answer);
      const type = answer.headers.get('content-type') ?? '';
      await documented({ method, base, path, type, status: answer.status, body: answer.body });
      return answer;
    },
    get: (path, sent) => client.send('GET', path, undefined, sent),
    post: (path, body, sent) => client.send('POST', path, body, sent),
    put: (path, body) => client.send('PUT', path, body),
    patch: (path, body) => client.send('PATCH', path, body),
    remove: (path, body, sent) => client.send('DELETE', path, body, sent),
  };
  return client;
}

function identity({ token, cookies }: HeadlessClient, kind: 'app' | 'browser'): Record<string, string> {
  if (kind === 'app') return token === undefined ? {} : { 'x-session-token': token };
  const jar = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  return { cookie: jar, 'x-csrftoken': cookies.get('csrftoken') ?? '' };
}

function keep(client: HeadlessClient, kind: 'app' | 'browser', { body, headers }: HeadlessReply): void {
  if (kind === 'app') {
    const { session_token } = Object(body.meta);
    if (typeof session_token === 'string') client.token = session_token;
    return;
  }
  for (const line of headers.getSetCookie()) {
    const [pair = ''] = line.split(';');
    const [name = '', value = ''] = pair.split(/=(.*)/s);
    if (/max-age=0/i.test(line)) client.cookies.delete(name);
    else client.cookies.set(name, decodeURIComponent(value));
  }
}

function parsed(text: string): Json {
  try {
    return Object(JSON.parse(text));
  } catch {
    return { text };
  }
}
