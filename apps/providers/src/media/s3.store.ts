import { createHash } from 'node:crypto';
import type { Egress, EgressResponse } from '@postern/egress';
import type { Logger } from '@postern/observability';
import { AwsClient } from 'aws4fetch';
import { mediaErrors } from './media.errors.ts';
import type { S3Settings } from './media.settings.ts';

/** Keeps bytes by name. All throw MEDIA_STORE_UNAVAILABLE and MEDIA_STORE_REFUSED. */
export type ObjectStore = {
  put(name: string, bytes: Buffer, contentType: string): Promise<void>;
  /** Undefined for an object that does not exist. */
  get(name: string): Promise<Buffer | undefined>;
  /** Does nothing for an object that does not exist. */
  remove(name: string): Promise<void>;
};

export type S3StoreDeps = {
  readonly settings: S3Settings;
  /** The way out. The operator chose the endpoint, so it may lie in the own network. */
  readonly egress: Pick<Egress, 'call'>;
  readonly log: Pick<Logger, 'error'>;
};

/** Largest object that is read back: twice the largest picture. */
const MAX_BYTES = 2 * 1_048_576;
const TIMEOUT_MS = 10_000;

type Method = 'PUT' | 'GET' | 'DELETE';

/** Creates a store on S3, by addresses of the form `<endpoint>/<bucket>/<name>`. Requests are signed (Signature Version 4), their bodies too. */
export function createS3Store({ settings, egress, log }: S3StoreDeps): ObjectStore {
  const { endpoint, region, bucket, prefix, accessKey, secretKey } = settings;
  const signer = new AwsClient({
    accessKeyId: accessKey,
    secretAccessKey: secretKey,
    region,
    service: 's3',
    retries: 0,
  });
  const base = endpoint.replace(/\/+$/, '');

  function addressOf(name: string): string {
    const path = `${bucket}/${prefix}${name}`.split('/').map(encodeURIComponent).join('/');
    return `${base}/${path}`;
  }

  async function send(method: Method, name: string, body?: Buffer, contentType?: string): Promise<EgressResponse> {
    const url = addressOf(name);
    const headers: Record<string, string> = {
      'x-amz-content-sha256': createHash('sha256')
        .update(body ?? '')
        .digest('hex'),
      ...(contentType === undefined ? {} : { 'content-type': contentType }),
    };
    const signed = await signer.sign(url, { method, headers });
    const sent = { method, headers: Object.fromEntries(signed.headers), timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES };
    try {
      return await egress.call(url, { ...sent, ...(body === undefined ? {} : { body }) });
    } catch (cause) {
      log.error({ cause, method }, 'the object store of pictures cannot be reached');
      throw mediaErrors.MEDIA_STORE_UNAVAILABLE({}, { cause });
    }
  }

  /** Throws for an answer that is no success. */
  function accept(method: Method, { status, body }: EgressResponse): void {
    if (status >= 200 && status < 300) return;
    const [, code = ''] = /<Code>([\w.-]{1,60})<\/Code>/.exec(body.toString('utf8')) ?? [];
    log.error({ method, status, code, bucket }, 'the object store of pictures refuses a request');
    throw status < 500 ? mediaErrors.MEDIA_STORE_REFUSED() : mediaErrors.MEDIA_STORE_UNAVAILABLE();
  }

  const isMissing = ({ status, body }: EgressResponse) => status === 404 && !body.includes('NoSuchBucket');

  return {
    async put(name, bytes, contentType) {
      accept('PUT', await send('PUT', name, bytes, contentType));
    },
    async get(name) {
      const answer = await send('GET', name);
      if (isMissing(answer)) return undefined;
      accept('GET', answer);
      return answer.body;
    },
    async remove(name) {
      const answer = await send('DELETE', name);
      if (!isMissing(answer)) accept('DELETE', answer);
    },
  };
}
