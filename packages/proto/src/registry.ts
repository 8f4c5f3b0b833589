import { readFileSync } from 'node:fs';
import {
  createFileRegistry,
  type DescEnum,
  type DescField,
  type DescFile,
  type DescMessage,
  type DescMethod,
  type DescOneof,
  type DescService,
  type FileRegistry,
  fromBinary,
  type UnknownField,
} from '@bufbuild/protobuf';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
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

/** Reads a message-typed option of a method, message, field or oneof; undefined where it is not set. */
export function readOption<T>(registry: FileRegistry, desc: Described, name: string, codec: Codec<T>): T | undefined {
  const parts = optionParts(registry, desc, name).map(({ data }) => new BinaryReader(data).bytes());
  return parts.length > 0 ? codec.decode(Buffer.concat(parts)) : undefined; // joining encoded messages merges them
}

/** Reads an option that is a list of enum values, such as `google.api.field_behavior`, as numbers. */
export function readNumbers(registry: FileRegistry, desc: Described, name: string): number[] {
  return optionParts(registry, desc, name).flatMap(({ data, wireType }) => {
    const reader = new BinaryReader(data);
    if (wireType === WireType.LengthDelimited) reader.uint32(); // a packed list begins with its length
    const numbers: number[] = [];
    while (reader.pos < reader.len) numbers.push(reader.int32());
    return numbers;
  });
}

/** Options are extensions, which the schema of descriptors does not know: they lie encoded among its unknown fields. */
function optionParts(registry: FileRegistry, desc: Described, name: string): readonly UnknownField[] {
  const unknown = desc.proto.options?.$unknown;
  if (!unknown) return [];
  const extension = registry.getExtension(name);
  if (!extension) throw new Error(`no option ${name}`);
  return unknown.filter(({ no }) => no === extension.number);
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
