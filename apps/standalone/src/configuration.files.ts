import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Refused } from './configuration.refusal.ts';

/** A blueprint as text. */
export type Document = { readonly name: string; readonly text: string };

/** No document that a service takes is larger. */
const LARGEST = 4 * 1024 ** 2;
const EXPORTED = /^export(?:-\d+)?\.yaml$/;

/** Reads files, and the YAML files of folders in the order of their names. Throws Refused. */
export async function readDocuments(paths: readonly string[]): Promise<Document[]> {
  const files = await Promise.all(paths.map(filesBelow));
  const documents: Document[] = [];
  for (const name of files.flat()) documents.push({ name, text: await readText(name) });
  if (documents.length === 0) throw new Refused(`There are no YAML files in ${paths.join(', ')}.`);
  return documents;
}

async function filesBelow(path: string): Promise<string[]> {
  const found = await stat(path).catch((cause: unknown) => refuse(path, cause));
  if (!found.isDirectory()) return [path];
  const names = await readdir(path);
  return names
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(path, name));
}

/** Reads a text. Throws Refused. */
export async function readText(path: string): Promise<string> {
  const bytes = await readFile(path).catch((cause: unknown) => refuse(path, cause));
  if (bytes.length > LARGEST) throw new Refused(`${path} is larger than ${LARGEST} bytes.`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Refused(`${path} is no UTF-8 text.`, { cause });
  }
}

function refuse(path: string, cause: unknown): never {
  throw new Refused(`${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
}

/** Writes an export to a file, or into a folder from which an earlier export goes. */
export async function writeDocuments(out: string, isFolder: boolean, documents: readonly Document[]): Promise<void> {
  if (!isFolder) return writeFile(out, documents.map(({ text }) => text).join(''));
  await mkdir(out, { recursive: true });
  for (const name of await readdir(out)) if (EXPORTED.test(name)) await rm(join(out, name));
  for (const { name, text } of documents) await writeFile(join(out, basename(name)), text);
}

/** Writes sealed secrets; for their owner alone all the same. */
export async function writeSecrets(path: string, text: string): Promise<void> {
  await writeFile(path, `${text}\n`, { mode: 0o600 });
}
