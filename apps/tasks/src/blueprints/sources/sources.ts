import { posix } from 'node:path';
import {
  type Blueprint,
  BlueprintError,
  type JsonObject,
  type PictureFile,
  pictureContext,
  pictureKey,
  picturesAskedBy,
} from '../format/index.ts';
import type { Folder } from './folder.ts';
import type { OciClient } from './oci.client.ts';
import { isOciPath } from './oci.reference.ts';

/** Where the text of an instance comes from. */
export type SourceOf = { readonly path: string; readonly credentials: string; readonly content: string };

/** Gets the text of an instance. */
export type Sources = {
  /** From the registry, the folder, or the instance itself, the first that it names. Throws BlueprintError. */
  retrieve(source: SourceOf): Promise<string>;
  /** Pictures that the blueprint of a file asks for and that lie beside the file, as context. Throws BlueprintError for more than there is room for. */
  pictures(source: Pick<SourceOf, 'path'>, blueprint: Blueprint): Promise<JsonObject>;
};

/** Pictures of one blueprint, in bytes. */
const MOST_PICTURES = 16 * 1024 ** 2;

/** Joins the sources. */
export function createSources({ folder, oci }: { readonly folder: Folder; readonly oci: OciClient }): Sources {
  return {
    async retrieve({ path, credentials, content }) {
      if (isOciPath(path)) return oci.fetch({ path, credentials });
      if (path !== '') return (await folder.read(path)).text;
      if (content === '') throw new BlueprintError('The blueprint is empty.');
      return content;
    },

    async pictures({ path }, blueprint) {
      if (path === '' || isOciPath(path)) return {};
      const files: PictureFile[] = [];
      let size = 0;
      for (const name of picturesAskedBy(blueprint)) {
        const place = posix.join(posix.dirname(path), pictureKey(name));
        // What lies nowhere the context of the instance may give.
        if (!(await folder.has(place))) continue;
        const content = await folder.bytes(place);
        size += content.length;
        if (size > MOST_PICTURES) throw new BlueprintError(`Its pictures have more than ${MOST_PICTURES} bytes.`);
        files.push({ name, content });
      }
      return pictureContext(files);
    },
  };
}
