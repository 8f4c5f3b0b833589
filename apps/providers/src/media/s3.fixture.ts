/** A small object store that speaks the protocol of S3 and checks every signature (AWS Signature Version 4) by its own arithmetic. */

import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export const ACCESS_KEY = 'AKIDEXAMPLE';
export const SECRET_KEY = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
export const BUCKET = 'icons';
export const REGION = 'eu-test-1';

type Stored = { readonly bytes: Buffer; readonly contentType: string };

/** Starts the store. */
export async function anObjectStore() {
  const objects = new Map<string, Stored>();
  const state = { isBroken: false };

  function answer(request: IncomingMessage, body: Buffer): { status: number; body?: Buffer | string } {
    if (state.isBroken) return failure(500, 'InternalError');
    const fault = signatureFault(request, body);
    if (fault) return failure(403, fault);
    const [, bucket, ...rest] = decodeURIComponent(new URL(request.url ?? '/', 'http://store').pathname).split('/');
    if (bucket !== BUCKET) return failure(404, 'NoSuchBucket');
    const name = rest.join('/');
    const found = objects.get(name);
    if (request.method === 'PUT')
      objects.set(name, { bytes: body, contentType: request.headers['content-type'] ?? '' });
    if (request.method === 'DELETE') objects.delete(name);
    if (request.method === 'GET') return found ? { status: 200, body: found.bytes } : failure(404, 'NoSuchKey');
    return { status: request.method === 'DELETE' ? 204 : 200 };
  }

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const { status, body = '' } = answer(request, Buffer.concat(chunks));
    response.writeHead(status).end(body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.closeAllConnections();
    return new Promise<void>((closed) => server.close(() => closed()));
  };
  return { endpoint: `http://127.0.0.1:${port}`, objects, state, close };
}

function failure(status: number, code: string) {
  return { status, body: `<?xml version="1.0"?><Error><Code>${code}</Code></Error>` };
}

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex');

/** What is wrong with the signature of a request: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
function signatureFault({ method = '', url = '/', headers }: IncomingMessage, body: Buffer): string | undefined {
  const pattern =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;
  const [, key, day = '', region = '', names = '', signature] = pattern.exec(headers.authorization ?? '') ?? [];
  if (key !== ACCESS_KEY) return 'InvalidAccessKeyId';
  const time = String(headers['x-amz-date']);
  const payload = String(headers['x-amz-content-sha256']);
  if (region !== REGION || !time.startsWith(day) || !names.split(';').includes('host'))
    return 'AuthorizationHeaderMalformed';
  if (payload !== sha256(body)) return 'XAmzContentSHA256Mismatch';
  const { pathname, search } = new URL(url, 'http://store');
  const signed = names.split(';').map((name) => `${name}:${String(headers[name] ?? '').trim()}\n`);
  const canonical = [method, pathname, search.slice(1), signed.join(''), names, payload].join('\n');
  const text = ['AWS4-HMAC-SHA256', time, `${day}/${region}/s3/aws4_request`, sha256(canonical)].join('\n');
  const derived = [day, region, 's3', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${SECRET_KEY}`);
  return hmac(derived, text).toString('hex') === signature ? undefined : 'SignatureDoesNotMatch';
}
