import { createHash } from 'node:crypto';
import { type Egress, EgressError, type EgressResponse } from '@postern/egress';
import { BlueprintError } from '../format/index.ts';
import { type OciPath, parseOciPath } from './oci.reference.ts';
import { askForToken } from './oci.token.ts';

/** Fetches blueprints from registries (OCI distribution specification 1.1). */
export type OciClient = {
  /** Text of a blueprint. Throws BlueprintError. */
  fetch(source: OciPath): Promise<string>;
};

export type OciClientDeps = {
  readonly egress: Pick<Egress, 'call'>;
  /** Largest blueprint, and largest manifest, in bytes. */
  readonly maxBytes: number;
};

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const LAYER = 'application/vnd.goauthentik.blueprint.v1+yaml';
const REDIRECTS = 5;

/** Creates the client. */
export function createOciClient({ egress, maxBytes }: OciClientDeps): OciClient {
  async function get(url: string, headers: Record<string, string>): Promise<EgressResponse> {
    try {
      return await egress.call(url, { headers, maxBytes, redirects: REDIRECTS });
    } catch (cause) {
      throw cause instanceof EgressError ? new BlueprintError(`OCI: ${cause.message}`) : cause;
    }
  }

  return {
    async fetch({ path, credentials }) {
      const { origin, name, reference } = parseOciPath(path);
      const basic = basicOf(credentials);
      let authorization = basic;

      async function read(kind: 'manifests' | 'blobs', target: string, accept: string): Promise<Buffer> {
        const url = `${origin}/v2/${name}/${kind}/${target}`;
        const ask = () => get(url, { accept, ...(authorization && { authorization }) });
        let answer = await ask();
        if (answer.status === 401 && authorization === basic) {
          const token = await askForToken(answer.headers['www-authenticate'] ?? '', { get, basic, name, origin });
          if (token !== undefined) {
            authorization = token;
            answer = await ask();
          }
        }
        if (answer.status !== 200) throw new BlueprintError(`OCI: the registry answers with ${answer.status}`);
        return answer.body;
      }

      const manifest = await read('manifests', reference, MANIFEST);
      if (reference.startsWith('sha256:')) requireDigest(manifest, reference);
      const digest = layerOf(manifest);
      const blob = await read('blobs', digest, LAYER);
      requireDigest(blob, digest);
      return blob.toString('utf8');
    },
  };
}

function basicOf(credentials: string): string | undefined {
  if (credentials === '') return undefined;
  const [user = '', ...password] = credentials.split(':');
  const plain = [user, password.join(':')].map(decoded).join(':');
  return `Basic ${Buffer.from(plain).toString('base64')}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function layerOf(manifest: Buffer): string {
  const parsed = readJson(manifest);
  const layers: unknown = typeof parsed === 'object' && parsed !== null ? Reflect.get(parsed, 'layers') : undefined;
  for (const layer of Array.isArray(layers) ? layers : []) {
    if (typeof layer !== 'object' || layer === null || Reflect.get(layer, 'mediaType') !== LAYER) continue;
    const digest: unknown = Reflect.get(layer, 'digest');
    if (typeof digest === 'string' && /^sha256:[0-9a-f]{64}$/.test(digest)) return digest;
  }
  throw new BlueprintError('OCI: the manifest names no blueprint');
}

function readJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new BlueprintError('OCI: the manifest is not JSON');
  }
}

/** The content is what the reference says, whoever delivered it. */
function requireDigest(bytes: Buffer, digest: string): void {
  const found = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  if (found !== digest) throw new BlueprintError('OCI: the content has another digest than it should');
}
