import { type Egress, EgressError } from '@postern/egress';
import { isJsonObject, type JsonObject, type JsonValue } from '../../plans/index.ts';
import { canonicalQuery, type DuoKeys, signDuo } from './duo.signature.ts';

/** What talking to Duo takes. */
export type DuoDeps = {
  readonly egress: Pick<Egress, 'call'>;
  readonly clock: () => Date;
  /** Address that takes the place of `https://<host name of the API>`; empty for none. */
  readonly duo: string;
};

/** An application at Duo. */
export type DuoAccount = DuoKeys & { readonly host: string };

/** Duo refused, could not be reached, or said what nobody understands. The message is for administrators. */
export class DuoFailure extends Error {
  override readonly name = 'DuoFailure';
  /** The time for the answer was up. */
  readonly isLate: boolean;

  constructor(message: string, { isLate = false, cause }: { isLate?: boolean; cause?: unknown } = {}) {
    super(message, { cause });
    this.isLate = isLate;
  }
}

/** Somebody is to confirm with their device that it is them. */
export type DuoQuestion = {
  readonly userId: string;
  /** Shown on the device before the word "request". */
  readonly type: string;
  readonly username: string;
  /** Address of the browser. */
  readonly address: string;
  /** What else the device shows. */
  readonly info: Readonly<Record<string, string>>;
};

/** An enrolment that began. */
export type DuoEnrollment = { readonly userId: string; readonly code: string; readonly barcode: string };

/** How far an enrolment is. */
export type DuoStatus = 'success' | 'waiting' | 'invalid';

/** Somebody at Duo. */
export type DuoUser = { readonly userId: string; readonly username: string };

/** Limits of one call. */
type Patience = { readonly timeoutMs?: number; readonly signal?: AbortSignal };

const TIMEOUT_MS = 10_000;
const MOST_BYTES = 4 * 1024 ** 2;
const USERS_AT_ONCE = 300;
/** Pages of users at most: a list that never ends is no list. */
const MOST_PAGES = 1000;

/** Duo's Auth API and Admin API, as far as they are used. Every operation throws DuoFailure. */
export type DuoClient = ReturnType<typeof createDuoClient>;

/** Creates a client of an application at Duo. */
export function createDuoClient(deps: DuoDeps, account: DuoAccount) {
  const ask = (method: 'GET' | 'POST', path: string, parameters: Parameters, patience: Patience = {}) =>
    askDuo(deps, account, { method, path, parameters }, patience);
  return {
    enroll: async (username: string): Promise<DuoEnrollment> => {
      const { response } = await ask('POST', '/auth/v2/enroll', { username });
      const userId = textOf(response, 'user_id');
      return { userId, code: textOf(response, 'activation_code'), barcode: textOf(response, 'activation_barcode') };
    },
    enrollStatus: async (userId: string, code: string): Promise<DuoStatus> => {
      const parameters = { user_id: userId, activation_code: code };
      const { response } = await ask('POST', '/auth/v2/enroll_status', parameters);
      return response === 'success' || response === 'waiting' ? response : 'invalid';
    },
    /** Asks somebody, and answers at once with the name of the transaction. */
    push: async ({ userId, type, username, address, info }: DuoQuestion): Promise<string> => {
      const pushinfo = new URLSearchParams(info).toString();
      const who = { user_id: userId, display_username: username, ipaddr: address };
      const how = { factor: 'auto', device: 'auto', async: '1', type, pushinfo };
      return textOf((await ask('POST', '/auth/v2/auth', { ...who, ...how })).response, 'txid');
    },
    /** What became of a transaction. Duo waits a while for news before it answers. */
    pushStatus: async (txid: string, patience: Patience): Promise<{ result: string; status: JsonObject }> => {
      const { response } = await ask('GET', '/auth/v2/auth_status', { txid }, patience);
      return { result: textOf(response, 'result'), status: isJsonObject(response) ? response : {} };
    },
    /** Everybody, page by page. */
    users: async (): Promise<DuoUser[]> => {
      const users: DuoUser[] = [];
      let offset: JsonValue | undefined = 0;
      for (let page = 0; page < MOST_PAGES && offset !== undefined && offset !== null; page += 1) {
        const parameters = { limit: String(USERS_AT_ONCE), offset: String(offset) };
        const { response, metadata } = await ask('GET', '/admin/v1/users', parameters);
        const found = Array.isArray(response) ? response : [];
        users.push(...found.map((user) => ({ userId: textOf(user, 'user_id'), username: textOf(user, 'username') })));
        offset = isJsonObject(metadata) ? metadata.next_offset : undefined;
      }
      return users;
    },
  };
}

type Parameters = Readonly<Record<string, string>>;
type Question = { readonly method: 'GET' | 'POST'; readonly path: string; readonly parameters: Parameters };

async function askDuo(
  { egress, clock, duo }: DuoDeps,
  { host, ...keys }: DuoAccount,
  { method, path, parameters }: Question,
  { timeoutMs = TIMEOUT_MS, signal }: Patience,
): Promise<JsonObject> {
  const query = method === 'GET' ? parameters : {};
  const body = method === 'GET' ? '' : JSON.stringify(parameters);
  const date = clock().toUTCString();
  const signed = { method, path, query, body, date, host: hostnameOf(host) };
  const url = `${duo === '' ? `https://${host}` : duo}${path}${method === 'GET' ? `?${canonicalQuery(query)}` : ''}`;
  const headers = { authorization: signDuo(signed, keys), date, 'content-type': 'application/json' };
  const limits = { timeoutMs, maxBytes: MOST_BYTES, ...(signal === undefined ? {} : { signal }) };
  const sent = { method, headers, ...(body === '' ? {} : { body }), ...limits };
  try {
    const answer = await egress.call(url, sent);
    return answerOf(answer.status, answer.body.toString());
  } catch (cause) {
    if (!(cause instanceof EgressError)) throw cause;
    throw new DuoFailure(`Duo could not be reached: ${cause.reason}`, { isLate: cause.reason === 'timeout', cause });
  }
}

function hostnameOf(host: string): string {
  if (!/^[a-z0-9.-]+(?::\d+)?$/i.test(host)) throw new DuoFailure('The host name of the API is none.');
  return host.replace(/:\d+$/, '');
}

/** Nothing but `stat: OK` is an answer. */
function answerOf(status: number, text: string): JsonObject {
  const answer = parsed(text);
  if (!isJsonObject(answer)) throw new DuoFailure(`Received ${status}, which is no answer of Duo.`);
  if (status === 200 && answer.stat === 'OK') return answer;
  const details = typeof answer.message_detail === 'string' ? ` (${answer.message_detail})` : '';
  throw new DuoFailure(`Received ${status} ${String(answer.message ?? '')}${details}`.trim());
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function textOf(value: JsonValue | undefined, name: string): string {
  const found = isJsonObject(value) ? value[name] : undefined;
  if (typeof found !== 'string' || found === '') throw new DuoFailure(`An answer of Duo has no ${name}.`);
  return found;
}
