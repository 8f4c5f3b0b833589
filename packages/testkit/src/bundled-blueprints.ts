import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CollectionTag, parse, type ScalarTag } from 'yaml';

/** An entry of a blueprint that comes with the installation. In place of tags stand `KeyOf` and `Find`. */
export type BundledEntry = {
  readonly model: string;
  readonly id?: string;
  readonly identifiers: Readonly<Record<string, unknown>>;
  readonly attrs: Readonly<Record<string, unknown>>;
};

/** Stands for the key of the object of an earlier entry of the same blueprint. */
export class KeyOf {
  readonly id: string;

  constructor(id: string) {
    this.id = id;
  }
}

/** Stands for the key of an object that has this value in this field. */
export class Find {
  readonly model: string;
  readonly value: string;

  constructor([model, [, value]]: [model: string, condition: [field: string, value: string]]) {
    this.model = model;
    this.value = value;
  }
}

const FOLDER = join(import.meta.dirname, '../../../blueprints');

const TAGS: (ScalarTag | CollectionTag)[] = [
  { tag: '!KeyOf', resolve: (id: string) => new KeyOf(id) },
  { tag: '!Find', collection: 'seq', resolve: (list) => new Find(list.toJSON()) },
];

/** The entries of a blueprint that comes with the installation, such as `default/flow-oobe.yaml`. */
export async function bundledBlueprint(path: string): Promise<BundledEntry[]> {
  const text = await readFile(join(FOLDER, path), 'utf8');
  const { entries }: { entries: Partial<BundledEntry>[] } = parse(text, { customTags: TAGS });
  return entries.map(({ model = '', identifiers = {}, attrs = {}, ...rest }) => ({
    ...rest,
    model,
    identifiers,
    attrs,
  }));
}

/** Blueprints that nobody has until they ask for them. */
const EXAMPLES = 'example/';

/** The entries of a model, of all blueprints that every tenant starts with. */
export async function bundledEntries(model: string): Promise<BundledEntry[]> {
  const files = (await readdir(FOLDER, { recursive: true }))
    .filter((name) => name.endsWith('.yaml') && !name.startsWith(EXAMPLES))
    .sort();
  const entries = await Promise.all(files.map(bundledBlueprint));
  return entries.flat().filter((entry) => entry.model === model);
}
