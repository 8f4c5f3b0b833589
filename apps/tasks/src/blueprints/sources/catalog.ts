import { createHash } from 'node:crypto';
import { type Blueprint, type BlueprintMetadata, parseBlueprint } from '../format/index.ts';
import type { Folder } from './folder.ts';

/** A blueprint in the folder of the installation. */
export type CatalogFile = {
  readonly path: string;
  readonly changedAt: Date;
  /** SHA-512 of the text, in hexadecimal. */
  readonly hash: string;
  readonly metadata?: BlueprintMetadata;
};

/** The blueprints of the folder. */
export type Catalog = {
  /** Those that can be read; others are passed over. Throws where the folder itself cannot be read. */
  files(): Promise<CatalogFile[]>;
};

const ENDING = '.yaml';
/** More files than this are not looked at: the folder holds something else. */
const MOST_FILES = 5_000;

/** SHA-512 of a text, in hexadecimal: how a blueprint is recognised as unchanged. */
export function hashOf(text: string): string {
  return createHash('sha512').update(text).digest('hex');
}

/** Reads the folder anew each time, and parses only what changed. */
export function createCatalog(folder: Folder): Catalog {
  let known = new Map<string, CatalogFile | undefined>();

  async function fileAt(path: string): Promise<[key: string, file: CatalogFile | undefined] | undefined> {
    const found = await folder.read(path).catch(() => undefined);
    if (!found) return undefined;
    const hash = hashOf(found.text);
    const key = `${path}\n${hash}`;
    const blueprint = known.has(key) ? known.get(key) : tryParse(found.text);
    if (!blueprint) return [key, undefined];
    const { metadata } = blueprint;
    return [key, { path, changedAt: found.changedAt, hash, ...(metadata && { metadata }) }];
  }

  return {
    async files() {
      const paths = (await folder.list(ENDING)).slice(0, MOST_FILES);
      const entries: [string, CatalogFile | undefined][] = [];
      for (const path of paths) entries.push(...((await fileAt(path).then((entry) => entry && [entry])) ?? []));
      known = new Map(entries);
      return entries.flatMap(([, file]) => file ?? []);
    },
  };
}

function tryParse(text: string): Pick<Blueprint, 'metadata'> | undefined {
  try {
    return parseBlueprint(text);
  } catch {
    return undefined;
  }
}
