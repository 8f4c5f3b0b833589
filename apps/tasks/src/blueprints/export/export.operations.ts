import { invalidField } from '@postern/errors';
import { asService } from '@postern/rpc';
import {
  type Blueprint,
  type JsonObject,
  type Limits,
  type PictureFile,
  pictureContext,
  printBlueprint,
  taggedMap,
} from '../format/index.ts';
import type { Pictures } from '../registry/index.ts';
import { type Document, documentsIn, type Numbered } from './documents.ts';
import { byIdentity, createEntryWriter, edgesOf, type WrittenEntry } from './entry.writer.ts';
import { type Identities, identify } from './identity.ts';
import { type Held, type Inventory, type InventoryDeps, takeInventory } from './inventory.ts';
import { inOrder, type Placed } from './order.ts';
import { distinct, type ExportedPicture } from './pictures.ts';
import type { Secrets } from './seal.ts';

/** What to export. */
export type ExportOptions = {
  readonly users: boolean;
  /** Several documents, where one would be large. */
  readonly split: boolean;
};

/** A configuration as blueprints. */
export type Exported = {
  /** In the order in which they are applied. */
  readonly documents: readonly Document[];
  /** What the documents name and do not hold. */
  readonly secrets: Secrets;
  /** Uploaded pictures that the documents name and do not hold: of several documents; one holds its own. */
  readonly pictures: readonly ExportedPicture[];
  /** What the documents do not say, one sentence each. */
  readonly remarks: readonly string[];
  readonly objects: number;
};

/** Exports the configuration of a tenant. The same configuration gives the same bytes. */
export type ExportConfiguration = (tenant: string, options: ExportOptions) => Promise<Exported>;

/** So many entries may take longer to apply than a request may. */
const LARGE = 1_000;

/** What exporting needs. */
export type ExportDeps = Omit<InventoryDeps, 'pictures'> & { readonly pictures: Pictures; readonly limits: Limits };

/** Creates the export. */
export function createExport(deps: ExportDeps): ExportConfiguration {
  return async (tenant, options) => {
    const inventory = await takeInventory(deps, asService(tenant), options);
    const identities = identify(inventory);
    const groups = orderOf(inventory, identities);
    const numbered = documentsIn(groups, options.split ? deps.limits : undefined);
    const written = write(inventory, identities, numbered);
    const all = written.flat();
    const pictures = distinct(all.flatMap((entry) => entry.pictures));
    const context = options.split ? {} : await heldPictures(deps, tenant, pictures);
    const documents = written.map((entries, index) => documentOf(entries, index + 1, written.length, context));
    const doubles = [...identities.doubles.keys()].map(
      (held) => `${identities.of(held).id}: stands there twice, one of them is left out.`,
    );
    const large =
      all.length > LARGE && documents.length === 1
        ? [`${all.length} entries in one document take long to apply: an export into a folder has several.`]
        : [];
    return {
      documents,
      secrets: Object.fromEntries(all.flatMap(({ secrets }) => secrets.map(({ name, value }) => [name, value]))),
      pictures: options.split ? pictures : [],
      remarks: [...large, ...doubles, ...all.flatMap(({ remarks }) => remarks)].sort(),
      objects: inventory.held.length - identities.doubles.size,
    };
  };
}

/** Uploaded pictures as the context of a document that nothing stands beside. Throws a field error where there is no room for them. */
async function heldPictures(
  { pictures: service, limits }: ExportDeps,
  tenant: string,
  pictures: readonly ExportedPicture[],
): Promise<JsonObject> {
  const size = pictures.reduce((sum, one) => sum + one.size, 0);
  if (size * BASE64 > limits.bytes) {
    const problem = `${pictures.length} pictures of ${size} bytes do not fit into one document: export several, into a folder.`;
    throw invalidField('split', problem, 'PICTURES_TOO_LARGE');
  }
  const files: PictureFile[] = [];
  for (const { name, held } of pictures) {
    const key = String(held.object[held.model.keyField]);
    const content = (await service.contents(held.model, [key], asService(tenant))).get(key);
    // Somebody may have changed it a moment ago: then the entry asks for what nobody gives, and says so when it is applied.
    if (content) files.push({ name, content });
  }
  return pictureContext(files);
}

/** Bytes of text for each byte of a picture. */
const BASE64 = 4 / 3;

function orderOf(inventory: Inventory, identities: Identities): Placed<Held>[][] {
  const once = inventory.held.filter((held) => !identities.doubles.has(held));
  return inOrder(once.sort(byIdentity(identities)), edgesOf({ inventory, identities }));
}

function write(inventory: Inventory, identities: Identities, documents: readonly Numbered[]): WrittenEntry[][] {
  const places = new Map(documents.flatMap(({ groups }, at) => groups.flat().map(({ node }) => [node, at] as const)));
  const isTogether = (one: Held, other: Held) => places.has(other) && places.get(one) === places.get(other);
  const writer = createEntryWriter({ inventory, identities, isTogether });
  const edges = edgesOf({ inventory, identities });
  const targets = new Set<Held>();
  for (const node of places.keys()) for (const { to } of edges(node)) if (isTogether(node, to)) targets.add(to);
  return documents.map(({ groups }) => {
    const entries: WrittenEntry[] = [];
    for (const group of groups) {
      for (const { node, later } of group) entries.push(writer.write(node, entries.length, later, targets.has(node)));
      for (const { node, later } of group)
        if (later.size > 0) entries.push(writer.writeRest(node, entries.length, later));
    }
    return entries;
  });
}

function documentOf(entries: readonly WrittenEntry[], number: number, count: number, context: JsonObject): Document {
  const blueprint: Blueprint = {
    version: 1,
    metadata: {
      name: count === 1 ? 'Export' : `Export, part ${number} of ${count}`,
      labels: { 'blueprints.goauthentik.io/generated': 'true', 'blueprints.goauthentik.io/instantiate': 'false' },
    },
    context: taggedMap(context),
    entries: entries.map(({ entry }) => entry),
  };
  const width = Math.max(3, String(count).length);
  const name = count === 1 ? 'export.yaml' : `export-${String(number).padStart(width, '0')}.yaml`;
  return { name, text: printBlueprint(blueprint) };
}
