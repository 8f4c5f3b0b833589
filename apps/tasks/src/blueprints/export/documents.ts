import type { Limits } from '../format/index.ts';
import type { Held } from './inventory.ts';
import type { Placed } from './order.ts';

/** A blueprint as text. */
export type Document = { readonly name: string; readonly text: string };

/** What stands in one document. */
export type Numbered = { readonly groups: Placed<Held>[][] };

/** So many objects are applied well within the time that a request has. */
const MOST_OBJECTS = 500;
/** Pictures travel beside a document in one request, which is larger than they are by a third. */
const MOST_PICTURES = 4 * 1024 ** 2;
/** What the text of a document takes beside the values: names, indentation, quotes. */
const SLACK = 0.4;

/** Puts groups that stay together into documents, each within the limits that a reader has; all into one without limits. */
export function documentsIn(groups: readonly Placed<Held>[][], limits: Limits | undefined): Numbered[] {
  const documents: { groups: Placed<Held>[][]; objects: number; bytes: number; pictures: number }[] = [];
  for (const group of groups) {
    const bytes = group.reduce((sum, { node }) => sum + JSON.stringify(node.object).length, 0);
    const pictures = group.reduce((sum, { node }) => sum + (node.picture?.upload?.size ?? 0), 0);
    const last = documents.at(-1);
    const fits =
      last !== undefined &&
      (limits === undefined ||
        (last.objects + group.length <= MOST_OBJECTS &&
          last.bytes + bytes <= limits.bytes * SLACK &&
          last.pictures + pictures <= MOST_PICTURES));
    if (fits) {
      last.groups.push(group);
      last.objects += group.length;
      last.bytes += bytes;
      last.pictures += pictures;
    } else documents.push({ groups: [group], objects: group.length, bytes, pictures });
  }
  return documents.length === 0 ? [{ groups: [] }] : documents;
}
