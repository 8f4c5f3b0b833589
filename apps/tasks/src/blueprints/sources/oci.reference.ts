import { BlueprintError } from '../format/index.ts';

/** A blueprint in a registry. */
export type OciReference = {
  readonly origin: string;
  readonly name: string;
  /** Tag, or digest. */
  readonly reference: string;
};

/** What a path of an instance names, apart from the password in it. */
export type OciPath = {
  /** The path without user and password. */
  readonly path: string;
  /** `user:password`, as entered; empty where the path has none. */
  readonly credentials: string;
};

const PREFIX = 'oci://';
const NAME = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Whether a path names a registry instead of a file. */
export function isOciPath(path: string): boolean {
  return path.startsWith(PREFIX);
}

/** Takes user and password out of a path. */
export function splitCredentials(path: string): OciPath {
  const [, credentials, rest] = /^oci:\/\/([^/]*)@(.*)$/s.exec(path) ?? [];
  if (credentials === undefined || rest === undefined) return { path, credentials: '' };
  return { path: `${PREFIX}${rest}`, credentials };
}

/** Puts user and password back. */
export function joinCredentials({ path, credentials }: OciPath): string {
  return credentials === '' ? path : `${PREFIX}${credentials}@${path.slice(PREFIX.length)}`;
}

/**
 * Reads `oci://host[:port]/name[:tag]` or `oci://host[:port]/name@sha256:...`. Registries on this machine speak HTTP, as is the custom; all others HTTPS.
 * Throws BlueprintError.
 */
export function parseOciPath(path: string): OciReference {
  const [, host = '', rest = ''] = /^oci:\/\/([^/@]+)\/(.+)$/s.exec(path) ?? [];
  const [name = '', digest] = rest.split('@', 2);
  const [repository = '', tag] = digest === undefined ? rest.split(':', 2) : [name];
  const reference = digest ?? tag ?? 'latest';
  const scheme = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/.test(host) ? 'http' : 'https';
  const fits = NAME.test(repository) && repository.length <= 255 && (digest ? DIGEST : TAG).test(reference);
  if (!fits || !URL.canParse(`${scheme}://${host}`))
    throw new BlueprintError('OCI: the address is not one of a registry');
  return { origin: new URL(`${scheme}://${host}`).origin, name: repository, reference };
}
