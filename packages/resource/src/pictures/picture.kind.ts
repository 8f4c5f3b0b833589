/** A kind of picture that browsers show. */
export type PictureKind = { readonly contentType: string; readonly ending: string };

const PNG = { contentType: 'image/png', ending: 'png' };
const JPEG = { contentType: 'image/jpeg', ending: 'jpg' };
const GIF = { contentType: 'image/gif', ending: 'gif' };
const WEBP = { contentType: 'image/webp', ending: 'webp' };
const SVG = { contentType: 'image/svg+xml', ending: 'svg' };

const starts = (bytes: Buffer, hex: string) => bytes.subarray(0, hex.length / 2).toString('hex') === hex;

/** What a file is, by its bytes: names and declared types are the uploader's words. Undefined for what is no picture, or none that is safe to show. */
export function pictureKind(bytes: Buffer): PictureKind | undefined {
  if (starts(bytes, '89504e470d0a1a0a')) return PNG;
  if (starts(bytes, 'ffd8ff')) return JPEG;
  if (starts(bytes, '474946383761') || starts(bytes, '474946383961')) return GIF;
  if (starts(bytes, '52494646') && bytes.subarray(8, 12).toString('latin1') === 'WEBP') return WEBP;
  return isPlainSvg(bytes) ? SVG : undefined;
}

/** What lies before the root of an SVG: a mark, blanks, the XML declaration, comments. */
const PROLOGUE = /^\uFEFF?\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--[\s\S]*?-->\s*)*/;

/** Scripts, what may hold or fetch them, and entities, which can spell anything. */
const ACTIVE =
  /<!doctype|<!entity|<\?xml-stylesheet|<\s*(?:\w+:)?(?:script|foreignobject|iframe|embed|object|handler)\b|\son\w+\s*=|(?:javascript|vbscript)\s*:|data\s*:\s*text\/html/i;

/** An SVG that only draws. Addresses show it under a policy that runs nothing, besides. */
function isPlainSvg(bytes: Buffer): boolean {
  const text = bytes.toString('utf8');
  if (text.includes('\uFFFD') || text.includes('\0')) return false;
  return /^<svg[\s>]/i.test(text.replace(PROLOGUE, '')) && !ACTIVE.test(text);
}
