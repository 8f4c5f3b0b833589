import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

/** A message that the double took or refused. */
export type TakenMessage = {
  readonly path: string;
  readonly authorization: string;
  readonly type: string;
  readonly fields: Readonly<Record<string, unknown>>;
};

/** What the double answers instead of taking a message. */
type Refusal = { readonly status: number; readonly body: string };

/**
 * Twilio on this machine, and anybody else who takes messages. `/2010-04-01/Accounts/{sid}/Messages.json` takes a form with basic
 * credentials and a number of digits, as Twilio does; every other path takes what it is sent. Call it at the top of a test file.
 */
export async function anSmsProvider(account: { readonly sid: string; readonly token: string }) {
  const messages: TakenMessage[] = [];
  const refusals: Refusal[] = [];
  const right = `Basic ${Buffer.from(`${account.sid}:${account.token}`).toString('base64')}`;
  const judge = ({ path, authorization, fields }: TakenMessage): Refusal | undefined => {
    const forced = refusals.shift();
    if (forced !== undefined || !path.startsWith('/2010-04-01/')) return forced;
    const isAccount = path === `/2010-04-01/Accounts/${account.sid}/Messages.json` && authorization === right;
    if (!isAccount) return twilioError(401, 20003, 'Authenticate');
    if (/^\+\d+$/.test(String(fields.To))) return undefined;
    return twilioError(400, 21211, `Invalid 'To' Phone Number: ${String(fields.To)}`);
  };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => void parts.push(part));
    request.on('end', () => {
      const type = request.headers['content-type'] ?? '';
      const body = Buffer.concat(parts).toString();
      const fields = type === 'application/json' ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body));
      const message = { path: request.url ?? '', authorization: request.headers.authorization ?? '', type, fields };
      const refusal = request.method === 'POST' ? judge(message) : { status: 405, body: '' };
      if (refusal === undefined) messages.push(message);
      response.writeHead(refusal?.status ?? 201, { 'content-type': 'application/json' });
      response.end(refusal?.body ?? JSON.stringify({ sid: 'SM00', status: 'queued' }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => server.close());
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    messages,
    /** What the next message is answered with. */
    refusesNext: (refusal: Refusal) => void refusals.push(refusal),
    /** The code of the last message. */
    code: () => /\d{6}$/.exec(String(messages.at(-1)?.fields.Body ?? ''))?.[0] ?? '',
  };
}

function twilioError(status: number, code: number, message: string): Refusal {
  return { status, body: JSON.stringify({ code, message, more_info: `https://example.org/${code}`, status }) };
}
