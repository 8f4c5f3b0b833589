import { readFileSync } from 'node:fs';
import { createFileRegistry, type DescMessage, type FileRegistry, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { type AccessRule, descriptorsUrl, readOperation } from '@postern/proto';
import { withoutComments } from './descriptors.ts';

/** What the protos say about one RPC beyond its messages. */
export type ContractMethod = {
  /** Undefined when the RPC declares none: no server starts with it. */
  readonly access: AccessRule | undefined;
  readonly request: DescMessage;
  /** Name of the request field that is the HTTP body, or empty. */
  readonly body: string;
  /** Name of the request field by which the path names one object; empty where it names none, or several. */
  readonly object: string;
  /** Whether it is read at a path that names no object. */
  readonly isList: boolean;
};

/** What the protos say, for servers. */
export type Contract = {
  readonly registry: FileRegistry;
  find(service: string, method: string): ContractMethod | undefined;
};

/**
 * The contract of a registry that was read already, or of the descriptor set of packages/proto. Reading takes about 30 ms: servers of
 * one process share the result.
 */
export function loadContract(registry: FileRegistry = readRegistry()): Contract {
  return {
    registry,
    find(service, name) {
      const method = registry.getService(service)?.methods.find((one) => one.name === name);
      if (method === undefined) return undefined;
      const { access, bindings } = readOperation(registry, method);
      const [binding] = bindings;
      const body = binding?.body ?? '';
      const [object = '', ...others] = binding?.parameters ?? [];
      return {
        access,
        request: method.input,
        body: body === '*' ? '' : body,
        object: others.length === 0 ? object : '',
        isList: binding?.verb === 'get' && object === '',
      };
    },
  };
}

function readRegistry(): FileRegistry {
  return createFileRegistry(fromBinary(FileDescriptorSetSchema, withoutComments(readFileSync(descriptorsUrl))));
}
