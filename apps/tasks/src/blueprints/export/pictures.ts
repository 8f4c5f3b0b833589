import { pictureKey, pictureName, type Tagged, tag, tagged } from '../format/index.ts';
import type { Upload } from '../registry/index.ts';
import type { Held } from './inventory.ts';

/** An uploaded picture that an entry asks for. */
export type ExportedPicture = Upload & {
  /** Name of its file. */
  readonly name: string;
  /** Path of this host that it is served under. */
  readonly address: string;
  /** An object that shows it. */
  readonly held: Held;
};

/** The picture of an object as a value of its entry: an address, or the name of an uploaded one; undefined where there is none. */
export function pictureOf(
  held: Held,
): { readonly field: string; readonly value: Tagged; readonly picture?: ExportedPicture } | undefined {
  const { model, picture } = held;
  if (model.picture === undefined || !picture || picture.address === '') return undefined;
  const { address, upload } = picture;
  if (!upload) return { field: model.picture, value: tagged(address) };
  const name = pictureName(upload);
  const value = tag('Context', tagged(pictureKey(name)));
  return { field: model.picture, value, picture: { ...upload, name, address, held } };
}

/** Each picture once, in the order of their names. */
export function distinct(pictures: readonly ExportedPicture[]): ExportedPicture[] {
  const byName = new Map(pictures.map((picture) => [picture.name, picture]));
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
