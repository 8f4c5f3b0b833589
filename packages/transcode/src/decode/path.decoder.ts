import type { DescField, DescMessage, FileRegistry } from '@bufbuild/protobuf';
import type { Violation } from '@postern/errors';
import { fieldDecoder } from './field.decoder.ts';

/** Sets the fields that the path holds; false when a key has the wrong form, so that no such object can exist. */
export type PathDecoder = (keys: readonly string[], value: Record<string, unknown>) => boolean;

/** The decoder of a binding's path parameters, in their order. */
export function pathDecoder(registry: FileRegistry, desc: DescMessage, parameters: readonly string[]): PathDecoder {
  const decoders = parameters.map((name) => {
    const field = fieldOf(desc, name);
    return { name, decode: fieldDecoder(field, { registry, place: 'path', message: () => () => undefined }) };
  });
  return (keys, value) => {
    const sink: Violation[] = [];
    for (const [index, { name, decode }] of decoders.entries()) value[name] = decode(keys[index], name, sink);
    return sink.length === 0;
  };
}

function fieldOf(desc: DescMessage, name: string): DescField {
  const field = desc.fields.find((one) => one.name === name);
  if (!field) throw new Error(`${desc.typeName} has no field ${name}, which a path of an operation names`);
  return field;
}
