/** Pictures as values of entries: pure. */

import { createHash } from 'node:crypto';
import { BlueprintError } from './blueprint.error.ts';
import type { Json, JsonObject } from './json.ts';

/** What an entry wants its object to show: an address (empty for nothing), or a picture. */
export type WantedPicture =
  | { readonly address: string }
  | { readonly content: Uint8Array; readonly contentType: string };

/** A picture beside a document. */
export type PictureFile = { readonly name: string; readonly content: Uint8Array };

const DATA = /^data:(image\/[a-z0-9.+-]{1,40});base64,([A-Za-z0-9+/]+={0,2})$/i;

/** Reads a value. Throws BlueprintError for what is neither an address nor `data:image/...;base64,...`. What the bytes are is for the service to say. */
export function readPicture(value: Json): WantedPicture {
  if (value === null) throw new BlueprintError('No picture is given; an empty text stands for none.');
  if (typeof value !== 'string') throw new BlueprintError('Not a valid string.');
  if (!/^data:/i.test(value)) return { address: value };
  const [, contentType = '', base64 = ''] = DATA.exec(value) ?? [];
  const content = Buffer.from(base64, 'base64');
  if (content.length === 0) throw new BlueprintError('A picture is given as data:image/png;base64,... and its bytes.');
  return { content, contentType: contentType.toLowerCase() };
}

/** An uploaded picture in few words, never its bytes. */
export function describePicture({
  contentType,
  size,
  sha256,
}: {
  contentType: string;
  size: number;
  sha256: string;
}): string {
  return `${contentType}, ${size} bytes, sha256:${sha256.slice(0, 16)}`;
}

/** SHA-256 of a picture, in hexadecimal digits. */
export function digestOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Endings of the names of picture files, and the types that they stand for. */
const TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  svg: 'image/svg+xml',
};

/** Name of the file that holds a picture, and of the value of the context that entries ask for: the same for the same bytes. */
export function pictureName({ sha256, contentType }: { sha256: string; contentType: string }): string {
  const ending = Object.entries(TYPES).find(([, type]) => type === contentType)?.[0] ?? 'bin';
  return `${sha256}.${ending}`;
}

/** The value of the context under which entries ask for a picture. */
export function pictureKey(name: string): string {
  return `pictures/${name}`;
}

/** Pictures as the context of a blueprint. */
export function pictureContext(files: readonly PictureFile[]): JsonObject {
  return Object.fromEntries(files.map(({ name, content }) => [pictureKey(name), dataOf(name, content)]));
}

function dataOf(name: string, content: Uint8Array): string {
  const type = TYPES[name.slice(name.lastIndexOf('.') + 1).toLowerCase()] ?? 'image/unknown';
  return `data:${type};base64,${Buffer.from(content).toString('base64')}`;
}
