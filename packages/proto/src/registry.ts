import { readFileSync } from 'node:fs';
import {
  createFileRegistry,
  type DescEnum,
  type DescExtension,
  type DescField,
  type DescFile,
  type DescMessage,
  type DescMethod,
  type DescOneof,
  type DescService,
  type Extendee,
  type FileRegistry,
  fromBinary,
  getExtension,
  hasExtension,
  isMessage,
  toBinary,
} from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

/** Where the descriptor set of all protos lies: the source of routes, validation and the OpenAPI document. */
export const descriptorsUrl = new URL('../descriptors.binpb', import.meta.url);

/** Something with options and comments in a proto file. */
export type Described = DescMethod | DescService | DescMessage | DescField | DescOneof | DescEnum;

/** Reads the descriptor set of all protos. Takes about 20 ms; read once per process. */
export function loadRegistry(url: URL = descriptorsUrl): FileRegistry {
  return createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(url)));
}

/** A ts-proto codec, as far as reading an option needs it. */
export type Codec<T> = { decode(bytes: Uint8Array): T };

/**
 * Reads a message-typed option of a method, message, field or oneof; undefined where it is not set.
 * The value is re-encoded and decoded by the generated codec, so that it comes back typed.
 */
export function readOption<T>(registry: FileRegistry, desc: Described, name: string, codec: Codec<T>): T | undefined {
  const value = rawOption(registry, desc, name);
  const schema = registry.getExtension(name)?.message;
  return schema && isMessage(value, schema) ? codec.decode(toBinary(schema, value)) : undefined;
}

/** Reads an option as the registry types it: a number list for `google.api.field_behavior`, a message for the rest. */
export function rawOption(registry: FileRegistry, desc: Described, name: string): unknown {
  const extension = registry.getExtension(name);
  const options = desc.proto.options;
  if (!extension || !options || !extendsOptions(options, extension) || !hasExtension(options, extension))
    return undefined;
  return getExtension(options, extension);
}

function extendsOptions(options: { $typeName: string }, extension: DescExtension): options is Extendee<DescExtension> {
  return extension.extendee.typeName === options.$typeName;
}

/**
 * Makes a reader of the comments that stand above declarations. It answers one text, with the lines of a paragraph
 * joined and paragraphs apart by an empty line; empty where there is no comment.
 */
export function createCommentReader(): (desc: Described) => string {
  const known = new Map<DescFile, ReadonlyMap<string, string>>();
  return (desc) => {
    const file = fileOf(desc);
    const comments = known.get(file) ?? commentsOf(file);
    known.set(file, comments);
    return joinLines(comments.get(pathOf(desc).join('.')) ?? '');
  };
}

function joinLines(comment: string): string {
  const paragraphs = comment.split(/\n\s*\n/).map((paragraph) => paragraph.replace(/\s+/g, ' ').trim());
  return paragraphs.filter(Boolean).join('\n\n');
}

function commentsOf(file: DescFile): ReadonlyMap<string, string> {
  const locations = file.proto.sourceCodeInfo?.location ?? [];
  const commented = locations.filter((one) => one.leadingComments);
  return new Map(commented.map((one) => [one.path.join('.'), one.leadingComments]));
}

function fileOf(desc: Described): DescFile {
  if ('file' in desc) return desc.file;
  return desc.parent.file;
}

/** The path of a declaration in its file, as google/protobuf/descriptor.proto numbers it. */
function pathOf(desc: Described): number[] {
  switch (desc.kind) {
    case 'message':
      return [...parentPath(desc.parent, 4, 3), indexIn(siblings(desc), desc.proto)];
    case 'enum':
      return [
        ...parentPath(desc.parent, 5, 4),
        indexIn(desc.parent?.proto.enumType ?? desc.file.proto.enumType, desc.proto),
      ];
    case 'field':
      return [...pathOf(desc.parent), 2, indexIn(desc.parent.proto.field, desc.proto)];
    case 'oneof':
      return [...pathOf(desc.parent), 8, indexIn(desc.parent.proto.oneofDecl, desc.proto)];
    case 'service':
      return [6, indexIn(desc.file.proto.service, desc.proto)];
    case 'rpc':
      return [...pathOf(desc.parent), 2, indexIn(desc.parent.proto.method, desc.proto)];
  }
}

function parentPath(parent: DescMessage | undefined, inFile: number, inMessage: number): number[] {
  return parent ? [...pathOf(parent), inMessage] : [inFile];
}

function siblings(desc: DescMessage) {
  return desc.parent ? desc.parent.proto.nestedType : desc.file.proto.messageType;
}

function indexIn<T>(list: readonly T[], one: T): number {
  return list.indexOf(one);
}
