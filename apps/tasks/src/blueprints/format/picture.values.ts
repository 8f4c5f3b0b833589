/** Pictures as values of entries: pure. */

import { createHash } from 'node:crypto';
import { BlueprintError } from './blueprint.error.ts';
import type { Blueprint, Tagged } from './blueprint.ts';
import type { Json, JsonObject } from './json.ts';
import { childrenOf } from './tagged.ts';

/** What an entry wants its object to show: an address (empty for nothing), a picture, or one that is only named. */
export type WantedPicture =
  | { readonly address: string }
  | { readonly content: Uint8Array; readonly contentType: string }
  | { readonly sha256: string };

/** A picture beside a document. */
export type PictureFile = { readonly name: string; readonly content: Uint8Array };

const DATA = /^data:(image\/[a-z0-9.+-]{1,40});base64,([A-Za-z0-9+/]+={0,2})$/i;

const DIGEST = /^sha256:([0-9a-f]{64})$/;

/** Reads a value. Throws BlueprintError for what is neither an address nor `data:image/...;base64,...`. What the bytes are is for the service to say. */
export function readPicture(value: Json): WantedPicture {
  if (value === null) throw new BlueprintError('No picture is given; an empty text stands for none.');
  if (typeof value !== 'string') throw new BlueprintError('Not a valid string.');
  const [, sha256] = DIGEST.exec(value) ?? [];
  if (sha256 !== undefined) return { sha256 };
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

/** Pictures as the context of a blueprint. Of a file without its bytes the name says which it is; under any other name it is not given. */
export function pictureContext(files: readonly PictureFile[]): JsonObject {
  const values = files.flatMap(({ name, content }) => {
    if (content.length > 0) return [[pictureKey(name), dataOf(name, content)]];
    const [, digest] = /^([0-9a-f]{64})\.[a-z]+$/.exec(name) ?? [];
    return digest === undefined ? [] : [[pictureKey(name), `sha256:${digest}`]];
  });
  return Object.fromEntries(values);
}

const ASKED = /^pictures\/([\w.-]{1,100})$/;

/** Names of the picture files that a blueprint asks for and does not hold itself. */
export function picturesAskedBy({ context, entries }: Pick<Blueprint, 'context' | 'entries'>): string[] {
  const held = context.kind === 'map' ? context.fields : new Map<string, Tagged>();
  const names = new Set<string>();
  const open: Tagged[] = [context, ...entries.flatMap(({ attrs, identifiers }) => [attrs, identifiers])];
  for (let value = open.pop(); value; value = open.pop()) {
    open.push(...childrenOf(value));
    if (value.kind !== 'tag' || value.tag !== 'Context') continue;
    const [key] = value.args;
    const [, name] = key?.kind === 'scalar' ? (ASKED.exec(String(key.value)) ?? []) : [];
    if (name !== undefined && !held.has(pictureKey(name))) names.add(name);
  }
  return [...names];
}

function dataOf(name: string, content: Uint8Array): string {
  const type = TYPES[name.slice(name.lastIndexOf('.') + 1).toLowerCase()] ?? 'image/unknown';
  return `data:${type};base64,${Buffer.from(content).toString('base64')}`;
}
