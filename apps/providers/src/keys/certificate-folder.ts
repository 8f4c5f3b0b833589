import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, sep } from 'node:path';
import { readCertificate, readPrivateKey, tidyPem } from './pem.ts';

/** A certificate that lies in a folder, and the key beside it. */
export type FoundPair = {
  readonly name: string;
  readonly certificateData: string;
  /** Null where none lies there, or that of another certificate. */
  readonly keyData: string | null;
  /** Whether the key that lies there is that of another certificate: perhaps one of the two is still being written. */
  readonly isMixed: boolean;
};

/** What a folder holds, and what of it is of no use. */
export type FolderContent = { readonly pairs: readonly FoundPair[]; readonly faults: readonly string[] };

/** Names that ACME clients give, in a folder named after the certificate. */
const IN_FOLDER: ReadonlySet<string> = new Set(['fullchain.pem', 'privkey.pem']);
/** Larger files hold no certificates that anybody serves. */
const MAX_BYTES = 262_144;
const MAX_FILES = 2_000;

/** Reads a folder and those below it. A folder that does not exist holds nothing; what lies in an `archive` is old. */
export async function readCertificateFolder(folder: string): Promise<FolderContent> {
  const texts = { certificates: new Map<string, string>(), keys: new Map<string, string>() };
  const faults: string[] = [];
  for (const path of await filesBelow(folder)) {
    const place = relative(folder, path);
    const text = await textOf(path).catch(() => undefined);
    if (text === undefined) faults.push(`${place}: cannot be read, or is too large`);
    else if (text.includes('PRIVATE KEY')) texts.keys.set(nameOf(path), text);
    else if (readCertificate(text)) texts.certificates.set(nameOf(path), text);
    else faults.push(`${place}: is no certificate`);
  }
  const pairs = [...texts.certificates].map(([name, certificateData]) => {
    const key = texts.keys.get(name);
    const isFitting = key === undefined || fits(certificateData, key);
    if (!isFitting) faults.push(`${name}: the private key does not belong to the certificate`);
    return { name, certificateData, keyData: key !== undefined && isFitting ? key : null, isMixed: !isFitting };
  });
  return { pairs, faults };
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(
      (path) =>
        !relative(folder, path)
          .split(sep)
          .some((part) => part.includes('archive') || part.startsWith('..')),
    );
  return paths.toSorted().slice(0, MAX_FILES);
}

async function textOf(path: string): Promise<string | undefined> {
  const { size, isFile } = await stat(path).then((found) => ({ size: found.size, isFile: found.isFile() }));
  return isFile && size <= MAX_BYTES ? tidyPem(await readFile(path, 'utf8')) : undefined;
}

function nameOf(path: string): string {
  return IN_FOLDER.has(basename(path)) ? basename(dirname(path)) : basename(path, extname(path));
}

function fits(certificate: string, key: string): boolean {
  const privateKey = readPrivateKey(key);
  return privateKey !== undefined && readCertificate(certificate)?.checkPrivateKey(privateKey) === true;
}
