import type { HttpRequest } from './http.connection.ts';

/** A form that a client posts; `client` is the value of its Authorization header. */
export function form(path: string, client: string, fields: Readonly<Record<string, string>>): HttpRequest {
  const headers = { authorization: client, 'content-type': 'application/x-www-form-urlencoded' };
  return { method: 'POST', path, headers, body: new URLSearchParams(fields).toString() };
}
