import { BlueprintError } from '../format/index.ts';
import type { Folder } from './folder.ts';
import type { OciClient } from './oci.client.ts';
import { isOciPath } from './oci.reference.ts';

/** Where the text of an instance comes from. */
export type SourceOf = { readonly path: string; readonly credentials: string; readonly content: string };

/** Gets the text of an instance. */
export type Sources = {
  /** From the registry, the folder, or the instance itself, the first that it names. Throws BlueprintError. */
  retrieve(source: SourceOf): Promise<string>;
};

/** Joins the sources. */
export function createSources({ folder, oci }: { readonly folder: Folder; readonly oci: OciClient }): Sources {
  return {
    async retrieve({ path, credentials, content }) {
      if (isOciPath(path)) return oci.fetch({ path, credentials });
      if (path !== '') return (await folder.read(path)).text;
      if (content === '') throw new BlueprintError('The blueprint is empty.');
      return content;
    },
  };
}
