/**
 * Duo on this machine: the Auth API and the Admin API as far as they are used, with everything that Duo demands of a request. Who asks is found out by
 * signature version 5, written here a second time from its description, so that a mistake of the client is no agreement between the two.
 */

import { createHash, createHmac, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

/** An application at Duo. */
export type DuoApplication = { readonly ikey: string; readonly skey: string };

/** What Duo asked somebody's device. */
export type Pushed = { readonly txid: string; readonly fields: Readonly<Record<string, string>> };

type User = { user_id: string; username: string; code: string; status: 'waiting' | 'success' | 'invalid' };
type Received = { method: string; path: string; query: URLSearchParams; body: string; fields: Record<string, string> };

/** What Duo refuses: status, code, message, and the detail. */
type Refusal = readonly [status: number, code: number, message: string, detail?: string];

const SKEW_MS = 300_000;

type Push = { fields: Record<string, string>; result: object; settled: Promise<void>; settle: () => void };

/** Those who are at Duo, and what their devices were asked. */
function createAccount(host: string) {
  const users: User[] = [];
  const pushes = new Map<string, Push>();
  const state = { holdMs: 5_000, pageSize: 2, down: false };
  return {
    users,
    pushes,
    state,
    push(fields: Record<string, string>) {
      const txid = randomBytes(8).toString('hex');
      const { promise: settled, resolve: settle } = Promise.withResolvers<void>();
      const result = { result: 'waiting', status: 'pushed', status_msg: 'Pushed a login request.' };
      pushes.set(txid, { fields, result, settled, settle });
      return { txid };
    },
    /** Like Duo, waits for news before it says that there are none. */
    async pushStatus(txid: string): Promise<object | undefined> {
      const found = pushes.get(txid);
      if (found === undefined) return undefined;
      const timer = new Promise<void>((resolve) => void setTimeout(resolve, state.holdMs).unref());
      await Promise.race([found.settled, timer]);
      return found.result;
    },
    enroll(username: string): object | undefined {
      if (username !== '' && users.some((user) => user.username === username)) return undefined;
      const id = `DU${randomBytes(6).toString('hex')}`;
      const code = `duo://${randomBytes(8).toString('hex')}`;
      users.push({ user_id: id, username, code, status: 'waiting' });
      const activation_barcode = `https://${host}/frame/qr?value=${code}`;
      return { user_id: id, username, activation_code: code, activation_barcode, expiration: 1_893_456_000 };
    },
  };
}

type Account = ReturnType<typeof createAccount>;

async function answered(
  account: Account,
  { method, path, query, fields }: Received,
): Promise<object | string | Refusal> {
  const invalid: Refusal = [400, 40002, 'Invalid request parameters', Object.keys(fields)[0]];
  const { users } = account;
  const isUser = users.some(({ user_id }) => user_id === fields.user_id);
  switch (`${method} ${path}`) {
    case 'POST /auth/v2/enroll':
      return account.enroll(fields.username ?? '') ?? invalid;
    case 'POST /auth/v2/enroll_status': {
      const found = users.find(({ user_id, code }) => user_id === fields.user_id && code === fields.activation_code);
      return found?.status ?? 'invalid';
    }
    case 'POST /auth/v2/auth':
      return isUser && fields.async === '1' ? account.push(fields) : invalid;
    case 'GET /auth/v2/auth_status':
      return (await account.pushStatus(query.get('txid') ?? '')) ?? invalid;
    default:
      return [404, 40401, 'Resource not found'];
  }
}

/** Starts Duo. Call it at the top of a test file. `host` is the name that requests are signed for. */
export async function aDuo(host: string, auth: DuoApplication, admin: DuoApplication) {
  const account = createAccount(host);
  const { users, pushes, state } = account;

  async function respond(request: IncomingMessage, response: ServerResponse, body: string) {
    const { pathname: path, searchParams: query } = new URL(request.url ?? '', 'http://duo');
    const received = { method: request.method ?? '', path, query, body, fields: body === '' ? {} : JSON.parse(body) };
    const isAdmin = path.startsWith('/admin/');
    const down: Refusal | undefined = state.down ? [503, 50301, 'Down'] : undefined;
    const refused = down ?? judged(request, received, isAdmin ? admin : auth, host);
    if (refused === undefined && isAdmin) return send(response, 200, page(users, query, state.pageSize));
    const said = refused ?? (await answered(account, received));
    if (!isRefusal(said)) return send(response, 200, { stat: 'OK', response: said });
    const [status, code, message, message_detail] = said;
    return send(response, status, { stat: 'FAIL', code, message, ...(message_detail && { message_detail }) });
  }

  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => void parts.push(part));
    request.on('end', () => void respond(request, response, Buffer.concat(parts).toString()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    users,
    state,
    /** What was asked of devices, oldest first. */
    pushes: (): Pushed[] => [...pushes].map(([txid, { fields }]) => ({ txid, fields })),
    /** The person decides, as one does who is asked; Duo has more words for it than two. */
    decide: (txid: string, result: string) => {
      const found = pushes.get(txid);
      if (found === undefined) throw new Error('nobody was asked');
      found.result = { result, status: result, status_msg: `It is ${result}.` };
      found.settle();
    },
    /** Somebody who is at Duo already. */
    add: (username: string): string => {
      account.enroll(username);
      return users.at(-1)?.user_id ?? '';
    },
  };
}

function page(users: readonly User[], query: URLSearchParams, size: number) {
  const offset = Number(query.get('offset') ?? 0);
  const next = offset + size < users.length ? { next_offset: offset + size } : {};
  const response = users
    .slice(offset, offset + size)
    .map(({ user_id, username }) => ({ user_id, username, status: 'active', phones: [] }));
  return { stat: 'OK', response, metadata: { total_objects: users.length, ...next } };
}

/** What Duo finds wrong with a request before it looks at what is asked. */
function judged(
  { headers }: IncomingMessage,
  received: Received,
  app: DuoApplication,
  host: string,
): Refusal | undefined {
  const date = headers.date ?? '';
  if (!(Math.abs(Date.parse(date) - Date.now()) < SKEW_MS)) return [401, 40105, 'Bad request timestamp'];
  const [user = '', password = ''] = Buffer.from((headers.authorization ?? '').replace('Basic ', ''), 'base64')
    .toString()
    .split(':');
  if (user !== app.ikey) return [401, 40102, 'Invalid integration key in request credentials'];
  const pairs = [...received.query].map(([name, value]) => `${quoted(name)}=${quoted(value)}`).sort();
  const hash = (text: string) => createHash('sha512').update(text).digest('hex');
  const canonical = [date, received.method, host, received.path, pairs.join('&'), hash(received.body), hash('')].join(
    '\n',
  );
  const right = createHmac('sha512', app.skey).update(canonical).digest('hex');
  return password === right ? undefined : [401, 40103, 'Invalid signature in request credentials'];
}

/** Letters, digits and `_.-~` stay; every other byte is written as `%XX`. */
function quoted(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) =>
      /[\w.~-]/.test(String.fromCharCode(byte))
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('');
}

function isRefusal(said: object | string | Refusal): said is Refusal {
  return Array.isArray(said);
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
