/** Clients of the HTTPS server of a house. */

import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { connect } from 'node:tls';

/** An answer. */
export type SecureReply = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string };

/** The subject's name and the fingerprint of the certificate that a client is shown that names this host, or none. */
export async function certificateAt(port: number, servername?: string): Promise<{ name: string; fingerprint: string }> {
  const named = servername ? { servername } : {};
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...named });
  await once(socket, 'secureConnect');
  const { subject, fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return { name: String(subject.CN), fingerprint: fingerprint256 };
}

/** A browser without pages that speaks HTTPS alone: it keeps cookies, and trusts one certificate. */
export function secureClient({ port, host, ca }: { port: number; host: string; ca: string }) {
  const jar = new Map<string, string>();
  const lines: string[] = [];
  async function send(path: string, body?: object): Promise<SecureReply> {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const csrf = jar.get('authentik_csrf') ?? '';
    const own = { host: `${host}:${port}`, cookie, 'x-authentik-csrf': csrf, 'content-type': 'application/json' };
    const url = new URL(path, `https://${host}`);
    const asked = request({
      host: '127.0.0.1',
      port,
      servername: host,
      ca,
      agent: false,
      path: `${url.pathname}${url.search}`,
      method: body ? 'POST' : 'GET',
      headers: own,
    });
    asked.end(body && JSON.stringify(body));
    const [answer] = await once(asked, 'response');
    for (const line of answer.headers['set-cookie'] ?? []) {
      lines.push(line);
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      jar.set(name, value);
    }
    return { status: answer.statusCode, headers: answer.headers, text: await text(answer) };
  }
  return {
    send,
    /** Every Set-Cookie line so far. */
    cookies: lines,
    /** Asks a flow for its challenge, or answers it; follows redirects. */
    async step(slug: string, body?: object): Promise<Readonly<Record<string, unknown>>> {
      let reply = await send(`/api/v3/flows/executor/${slug}/?query=`, body);
      while (reply.status === 302) reply = await send(reply.headers.location ?? '/');
      return JSON.parse(reply.text);
    },
  };
}
