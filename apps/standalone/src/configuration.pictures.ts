/** Uploaded pictures beside the files of a configuration: `pictures/<sha256>.<ending>`. */

import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Refused } from './configuration.refusal.ts';

/** A picture that an export names: its file, and the path that the installation serves it under. */
export type NamedPicture = { readonly name: string; readonly address: string };

/** A picture as a request carries it. */
export type SentPicture = { readonly name: string; readonly content: string };

const FOLDER = 'pictures';
/** No service takes a larger one. */
const LARGEST = 4 * 1024 ** 2;
const NAME = /^([0-9a-f]{64})\.[a-z]{3,4}$/;
const ASKED = /!Context\s+\[?\s*["']?pictures\/([\w.-]{1,100})/g;

/** So much of a plan's request may be pictures; of others it tells the names, which say as much. */
const ROOM = 6 * 1024 ** 2;

/** Pictures of a request that looks only: those that there is room for, and the names of others. */
export function forPlan(pictures: readonly SentPicture[]): SentPicture[] {
  let left = ROOM;
  return pictures.map(({ name, content }) => {
    const fits = content.length <= left;
    if (fits) left -= content.length;
    const [, digest] = NAME.exec(name) ?? [];
    const isNamed = digest === digestOf(Buffer.from(content, 'base64'));
    return fits || !isNamed ? { name, content } : { name, content: '' };
  });
}

/** Reads the pictures that files ask for and that lie beside them, each name once. What lies nowhere may stand in the text itself. Throws Refused. */
export async function readPictures(documents: readonly { name: string; text: string }[]): Promise<SentPicture[]> {
  const found = new Map<string, SentPicture>();
  for (const { name: file, text } of documents) {
    for (const [, name = ''] of text.matchAll(ASKED)) {
      if (found.has(name)) continue;
      const content = await readPicture(join(dirname(file), FOLDER, name));
      if (content) found.set(name, { name, content: content.toString('base64') });
    }
  }
  return [...found.values()];
}

async function readPicture(path: string): Promise<Buffer | undefined> {
  const status = await stat(path).catch(() => undefined);
  if (!status?.isFile()) return undefined;
  if (status.size > LARGEST) throw new Refused(`${path} is larger than ${LARGEST} bytes.`);
  return readFile(path).catch((cause: unknown) => {
    throw new Refused(`${path} cannot be read.`, { cause });
  });
}

/** Writes the pictures of an export below its folder; those of an earlier export that it does not name go. Throws Refused. */
export async function writePictures(
  out: string,
  pictures: readonly NamedPicture[],
  fetchPicture: (address: string) => Promise<Uint8Array>,
): Promise<void> {
  const folder = join(out, FOLDER);
  const names = new Set(pictures.map(({ name }) => name));
  for (const name of await readdir(folder).catch(() => [])) {
    if (NAME.test(name) && !names.has(name)) await rm(join(folder, name));
  }
  if (pictures.length > 0) await mkdir(folder, { recursive: true });
  for (const { name, address } of pictures) {
    const content = await fetchPicture(address);
    const [, digest] = NAME.exec(name) ?? [];
    if (digestOf(content) !== digest) throw new Refused('A picture changed while it was exported: export again.');
    await writeFile(join(folder, name), content);
  }
}

function digestOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
