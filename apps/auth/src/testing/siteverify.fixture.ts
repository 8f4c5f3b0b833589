import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

/** What the double answers: a status, and a body that need not be JSON. */
type Answer = { status?: number; body: unknown };

/**
 * A captcha service on this machine that speaks the siteverify protocol: it takes a form with `secret`, `response` and `remoteip` and knows one good
 * answer, once. Call it at the top of a test file.
 */
export async function aCaptchaService(secret: string) {
  const asked: Record<string, string>[] = [];
  const good = new Set<string>();
  const forced: Answer[] = [];
  const judge = (form: Record<string, string>): Answer => {
    if (form.secret !== secret) return { body: { success: false, 'error-codes': ['invalid-input-secret'] } };
    if (good.delete(form.response ?? '')) return { body: { success: true, hostname: 'id.example' } };
    return { body: { success: false, 'error-codes': ['invalid-input-response', 'timeout-or-duplicate'] } };
  };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => void parts.push(part));
    request.on('end', () => {
      const form = Object.fromEntries(new URLSearchParams(Buffer.concat(parts).toString()));
      asked.push(form);
      const { status = 200, body } = forced.shift() ?? judge(form);
      response.writeHead(request.method === 'POST' ? status : 405, { 'content-type': 'application/json' });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => server.close());
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/siteverify`,
    asked,
    /** The page got this answer from the service. */
    knows: (token: string) => void good.add(token),
    /** What the next question is answered with, whatever it is. */
    answersNext: (answer: Answer) => void forced.push(answer),
  };
}
