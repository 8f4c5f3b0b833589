import type { Document } from './configuration.files.ts';
import type { NamedPicture, SentPicture } from './configuration.pictures.ts';
import type { Outcome } from './configuration.printer.ts';
import { Refused } from './configuration.refusal.ts';

/** A configuration as blueprints. */
export type Exported = {
  readonly documents: readonly Document[];
  readonly secrets: string;
  /** Uploaded pictures that lie beside several documents. */
  readonly pictures: readonly NamedPicture[];
  readonly remarks: readonly string[];
  readonly objects: number;
};

/** What to apply or to look at. */
export type DocumentsRequest = {
  readonly documents: readonly Document[];
  readonly pictures: readonly SentPicture[];
  readonly complete: boolean;
  readonly secrets: string;
  readonly passphrase: string;
};

/** The operations on a configuration. Each throws Refused. */
export type ConfigurationClient = {
  export(request: { users: boolean; split: boolean; passphrase?: string }): Promise<Exported>;
  /** The bytes of an uploaded picture, as anybody may see them. */
  picture(address: string): Promise<Uint8Array>;
  plan(request: DocumentsRequest): Promise<Outcome>;
  apply(request: DocumentsRequest): Promise<Outcome>;
  prune(request: { keep: readonly { model: string; pk: unknown }[]; dry_run: boolean }): Promise<Outcome>;
};

const PATIENCE_MS = 300_000;

/** Speaks to a running installation as the owner of a token. */
export function createConfigurationClient({ url, token }: { url: string; token: string }): ConfigurationClient {
  if (token === '') throw new Refused('Set POSTERN_TOKEN to an API token of a superuser.');
  if (!URL.canParse(url)) throw new Refused('POSTERN_URL is no address, such as http://127.0.0.1:9000.');

  async function post<Answer>(name: string, body: object): Promise<Answer> {
    const address = new URL(`/api/v3/managed/blueprints/${name}/`, url);
    const response = await fetch(address, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
      redirect: 'error',
    }).catch((cause: unknown) => {
      throw new Refused(`Nothing answers at ${address.origin}.`, { cause });
    });
    if (!response.ok) throw new Refused(await refusalOf(response));
    return (await response.json()) as Answer;
  }

  return {
    export: (request) => post('export', request),
    async picture(address) {
      const target = new URL(address, url);
      if (target.origin !== new URL(url).origin) throw new Refused(`${target.origin} is another place.`);
      const response = await fetch(target, { signal: AbortSignal.timeout(PATIENCE_MS), redirect: 'error' });
      if (!response.ok)
        throw new Refused(`HTTP ${response.status}: ${target.pathname} is no picture any more: export again.`);
      return new Uint8Array(await response.arrayBuffer());
    },
    plan: (request) => post('plan', request),
    apply: (request) => post('apply', request),
    prune: (request) => post('prune', request),
  };
}

async function refusalOf(response: Response): Promise<string> {
  const { status } = response;
  if (status === 401 || status === 403) return `The token is not one of a superuser (HTTP ${status}).`;
  if (status === 504)
    return 'It takes longer than a request may, and goes on without us: look again with a plan. Smaller files take less.';
  if (status === 413)
    return 'Together these files and their pictures are larger than a request may be: one file after the other, or a larger POSTERN_LIMITS__BODY.';
  const text = (await response.text().catch(() => '')).slice(0, 500);
  return `HTTP ${status}: ${text}`;
}
