import { readFileSync } from 'node:fs';
import {
  createFileRegistry,
  type DescExtension,
  type DescMessage,
  type DescMethod,
  type FileRegistry,
  fromBinary,
  getExtension,
  hasExtension,
} from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { descriptorsUrl } from '@postern/proto';
import type { AccessRule } from './access.rule.ts';
import { withoutComments } from './descriptors.ts';

/** What the protos say about one RPC beyond its messages. */
export type ContractMethod = {
  /** Absent when the RPC declares none: no server starts with it. */
  readonly access?: AccessRule;
  readonly request: DescMessage;
  /** Name of the request field that is the HTTP body, or empty. */
  readonly body: string;
};

/** The descriptor set of all protos, read once per process. */
export type Contract = {
  readonly registry: FileRegistry;
  find(service: string, method: string): ContractMethod | undefined;
};

/** Reads the descriptor set, without comments. Takes about 30 ms; servers of one process share the result. */
export function loadContract(bytes: Uint8Array = readFileSync(descriptorsUrl)): Contract {
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, withoutComments(bytes)));
  return {
    registry,
    find(service, name) {
      const method = registry.getService(service)?.methods.find((one) => one.name === name);
      if (method === undefined) return undefined;
      return { access: accessOf(registry, method), request: method.input, body: bodyOf(registry, method) };
    },
  };
}

function accessOf(registry: FileRegistry, method: DescMethod): AccessRule | undefined {
  const option = messageOption(registry, method, 'postern.api.v1.access');
  const [oneof] = option?.oneofs ?? [];
  const rule = oneof && option?.oneofCase(oneof);
  if (rule === undefined) return undefined;
  const value: unknown = option?.get(rule);
  if (typeof value === 'string') return value === '' ? undefined : { kind: 'permission', permission: value };
  return value === true ? flagOf(rule.name) : undefined;
}

function flagOf(kind: string): AccessRule | undefined {
  switch (kind) {
    case 'public':
    case 'authenticated':
    case 'session':
    case 'superuser':
    case 'internal':
      return { kind };
    default:
      return undefined;
  }
}

function bodyOf(registry: FileRegistry, method: DescMethod): string {
  const option = messageOption(registry, method, 'google.api.http');
  const body = option?.fields.find(({ name }) => name === 'body');
  const value: unknown = body && option?.get(body);
  return typeof value === 'string' && value !== '*' ? value : '';
}

function messageOption(registry: FileRegistry, { proto: { options } }: DescMethod, name: string) {
  const extension: DescExtension | undefined = registry.getExtension(name);
  if (extension?.message === undefined || options === undefined || !hasExtension(options, extension)) return undefined;
  const value: unknown = getExtension(options, extension);
  return reflect(extension.message, value as Parameters<typeof reflect>[1]);
}
