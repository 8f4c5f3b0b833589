import { cleanSvg } from './svg.cleaner.ts';

/** A kind of picture that browsers show. */
export type PictureKind = { readonly contentType: string; readonly ending: string };

const PNG = { contentType: 'image/png', ending: 'png' };
const JPEG = { contentType: 'image/jpeg', ending: 'jpg' };
const GIF = { contentType: 'image/gif', ending: 'gif' };
const WEBP = { contentType: 'image/webp', ending: 'webp' };
const SVG = { contentType: 'image/svg+xml', ending: 'svg' };

const starts = (bytes: Buffer, hex: string) => bytes.subarray(0, hex.length / 2).toString('hex') === hex;

/** A picture that is safe to show: what it is, and its bytes. */
export type SafePicture = { readonly kind: PictureKind; readonly content: Buffer };

/**
 * What a file is, by its bytes: names and declared types are the uploader's words. An SVG is written anew with what draws and nothing else.
 * Undefined for what is no picture.
 */
export function safePicture(bytes: Buffer): SafePicture | undefined {
  const kind = rasterKind(bytes);
  if (kind) return { kind, content: bytes };
  const text = bytes.toString('utf8');
  const clean = text.includes('\uFFFD') || text.includes('\0') ? undefined : cleanSvg(text);
  return clean === undefined ? undefined : { kind: SVG, content: Buffer.from(clean) };
}

function rasterKind(bytes: Buffer): PictureKind | undefined {
  if (starts(bytes, '89504e470d0a1a0a')) return PNG;
  if (starts(bytes, 'ffd8ff')) return JPEG;
  if (starts(bytes, '474946383761') || starts(bytes, '474946383961')) return GIF;
  const isWebp = starts(bytes, '52494646') && bytes.subarray(8, 12).toString('latin1') === 'WEBP';
  return isWebp ? WEBP : undefined;
}
