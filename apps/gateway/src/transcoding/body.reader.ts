import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { gatewayErrors } from '../errors/index.ts';

/** A raw body with its media type. */
export type RawBody = { readonly type: string; readonly bytes: Buffer };

const JSON_TYPE = 'application/json';
/** The operation does not look at the type: what is no form is JSON. */
const ANY_TYPE = '*/*';
const FORM_TYPE = 'application/x-www-form-urlencoded';
const MULTIPART_TYPE = 'multipart/form-data';

/**
 * Reads a body to plain values by its media type. Fields of forms are strings, or lists for repeated fields; files are
 * bytes. An absent body is an empty object. Throws UNSUPPORTED_MEDIA_TYPE or PARSE_ERROR.
 *
 * @param accepted media types that the operation takes
 * @param desc the message that the body becomes, which tells lists of a form from single values
 */
export async function readBody(
  body: RawBody,
  accepted: readonly string[],
  desc: DescMessage | undefined,
): Promise<unknown> {
  const { type, bytes } = body;
  if (bytes.length === 0) return {};
  requireType(type, accepted);
  // Free-form JSON has no fields that a form could fill: whoever takes any type says that it does not count.
  if (desc === undefined && accepted.includes(ANY_TYPE)) return parseJson(textOf(bytes, 'JSON'));
  switch (mediaTypeOf(type)) {
    case FORM_TYPE:
      return formObject(new URLSearchParams(textOf(bytes, 'Form')), desc);
    case MULTIPART_TYPE:
      return formObject(await multipartOf(body), desc);
    default:
      return parseJson(textOf(bytes, 'JSON'));
  }
}

/** Throws UNSUPPORTED_MEDIA_TYPE unless the operation takes bodies of this type. */
export function requireType(type: string, accepted: readonly string[]): void {
  const wanted = accepted.length === 0 ? [JSON_TYPE] : accepted;
  if (wanted.includes(ANY_TYPE)) return;
  if (!wanted.includes(mediaTypeOf(type))) throw gatewayErrors.UNSUPPORTED_MEDIA_TYPE({ type: type.slice(0, 200) });
}

/** Type and subtype without parameters. */
function mediaTypeOf(type: string): string {
  const [media = ''] = type.split(';', 1);
  return media.trim().toLowerCase();
}

function textOf(bytes: Buffer, format: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw gatewayErrors.PARSE_ERROR({ format, problem: 'the body is not UTF-8' });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const problem = error instanceof Error ? error.message : 'not JSON';
    throw gatewayErrors.PARSE_ERROR({ format: 'JSON', problem: problem.slice(0, 200) });
  }
}

type Pairs = { getAll(name: string): unknown[]; has(name: string): boolean };

/** An uploaded file, read. */
class Upload {
  readonly bytes: Buffer;
  readonly name: string;
  readonly type: string;

  constructor(bytes: Buffer, name: string, type: string) {
    this.bytes = bytes;
    this.name = name;
    this.type = type;
  }
}

async function multipartOf({ type, bytes }: RawBody): Promise<Pairs> {
  const pairs = new Map<string, unknown[]>();
  try {
    const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
    for (const [name, value] of form) {
      const read =
        typeof value === 'string' ? value : new Upload(Buffer.from(await value.arrayBuffer()), value.name, value.type);
      pairs.set(name, [...(pairs.get(name) ?? []), read]);
    }
  } catch {
    throw gatewayErrors.PARSE_ERROR({ format: 'Multipart form', problem: 'the parts could not be told apart' });
  }
  return { getAll: (name) => pairs.get(name) ?? [], has: (name) => pairs.has(name) };
}

/** The fields of a form, named like those of the message; a file also gives `<field>_filename` and `<field>_content_type`. */
function formObject(pairs: Pairs, desc: DescMessage | undefined): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const field of desc?.fields ?? []) {
    if (!pairs.has(field.name)) continue;
    const values = pairs.getAll(field.name);
    const last = values.at(-1);
    if (last instanceof Upload) {
      object[`${field.name}_filename`] = last.name;
      object[`${field.name}_content_type`] = last.type;
    }
    object[field.name] = isList(field) ? values.map(plain) : plain(last);
  }
  return object;
}

function isList(field: DescField): boolean {
  return field.fieldKind === 'list';
}

function plain(value: unknown): unknown {
  return value instanceof Upload ? value.bytes : value;
}
