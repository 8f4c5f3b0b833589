import { create, type DescFile, type FileRegistry, toBinary } from '@bufbuild/protobuf';
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { type FileDescriptorProto, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

const FILE_DESCRIPTOR_SET_FILE = 1;
const FILE_DESCRIPTOR_PROTO_SOURCE_CODE_INFO = 9;

/** A FileDescriptorSet without its comments. They are most of it, and only documentation needs them. */
export function withoutComments(set: Uint8Array): Uint8Array {
  const writer = new BinaryWriter();
  eachField(set, (number, type, field) => {
    if (number !== FILE_DESCRIPTOR_SET_FILE || type !== WireType.LengthDelimited) return;
    writer.tag(number, type).bytes(withoutSourceInfo(new BinaryReader(field).bytes()));
  });
  return writer.finish();
}

function withoutSourceInfo(file: Uint8Array): Uint8Array {
  const writer = new BinaryWriter();
  eachField(file, (number, type, field) => {
    if (number !== FILE_DESCRIPTOR_PROTO_SOURCE_CODE_INFO) writer.tag(number, type).raw(field);
  });
  return writer.finish();
}

/** Walks the top-level fields of a message; `field` is what follows the tag. */
function eachField(message: Uint8Array, visit: (number: number, type: WireType, field: Uint8Array) => void): void {
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag();
    visit(number, type, reader.skip(type));
  }
}

/** The files that declare some services, and all that these import, as a FileDescriptorSet. */
export function descriptorsOf(registry: FileRegistry, services: readonly string[]): Uint8Array {
  const files = new Map<string, FileDescriptorProto>();
  const add = (file: DescFile) => {
    if (files.has(file.name)) return;
    files.set(file.name, file.proto);
    file.dependencies.forEach(add);
  };
  for (const name of services) {
    const service = registry.getService(name);
    if (service !== undefined) add(service.file);
  }
  return toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file: [...files.values()] }));
}
