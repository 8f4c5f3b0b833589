import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

/** An entry of a blueprint that comes with the installation. Tags stand for what they wrap. */
export type BundledEntry = {
  readonly model: string;
  readonly identifiers: Readonly<Record<string, unknown>>;
  readonly attrs: Readonly<Record<string, unknown>>;
};

const FOLDER = join(import.meta.dirname, '../../../blueprints');

/** The entries of a model, of all blueprints that come with the installation: what every tenant starts with. */
export async function bundledEntries(model: string): Promise<BundledEntry[]> {
  const files = (await readdir(FOLDER, { recursive: true })).filter((name) => name.endsWith('.yaml')).sort();
  const texts = await Promise.all(files.map((name) => readFile(join(FOLDER, name), 'utf8')));
  return texts.flatMap(entriesOf).filter((entry) => entry.model === model);
}

function entriesOf(text: string): BundledEntry[] {
  const { entries }: { entries: Partial<BundledEntry>[] } = parse(text, { logLevel: 'silent' });
  return entries.map(({ model = '', identifiers = {}, attrs = {} }) => ({ model, identifiers, attrs }));
}
