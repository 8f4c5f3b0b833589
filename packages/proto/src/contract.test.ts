import type { DescField } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { createCommentReader, fieldBehavior, fieldShape, loadRegistry, operations, referenceFields } from './index.ts';

const registry = loadRegistry();
const all = operations(registry).filter(({ grpcPath }) => !grpcPath.includes('.conformance.'));
const comment = createCommentReader();

function operation(name: string) {
  const found = all.find(({ grpcPath }) => grpcPath.endsWith(`/${name}`));
  if (!found) throw new Error(`no ${name}`);
  return found;
}

function field(message: string, name: string): DescField {
  const found = registry.getMessage(message)?.fields.find((one) => one.name === name);
  if (!found) throw new Error(`no ${message}.${name}`);
  return found;
}

describe('the protos', () => {
  it('say of every RPC who may call it', () => {
    expect(all.filter(({ access }) => !access).map(({ grpcPath }) => grpcPath)).toEqual([]);
  });

  it('bind no internal RPC to a path', () => {
    const internal = all.filter(({ access }) => access?.kind === 'internal');
    expect(internal.filter(({ bindings }) => bindings.length > 0).map(({ grpcPath }) => grpcPath)).toEqual([]);
  });

  it('bind every verb of a path once', () => {
    const bound = all.flatMap(({ bindings }) =>
      bindings.map(({ verb, path }) => `${verb} ${path.replace(/\{\w+\}/g, '{}')}`),
    );
    expect(bound.filter((one, index) => bound.indexOf(one) !== index)).toEqual([]);
  });

  it('name fields of the request in paths and bodies', () => {
    const wrong = all.flatMap(({ grpcPath, input, bindings }) => {
      const names = new Set(['*', '', ...input.fields.map(({ name }) => name)]);
      const used = bindings.flatMap(({ parameters, body }) => [...parameters, body]);
      return used.filter((name) => !names.has(name)).map((name) => `${grpcPath}: ${name}`);
    });
    expect(wrong).toEqual([]);
  });

  it('give defaults that are JSON', () => {
    const fields = [...registry].flatMap((type) => (type.kind === 'message' ? type.fields : []));
    const defaults = fields.map((one) => fieldShape(registry, one).default).filter(Boolean);
    expect(() => defaults.map((text) => JSON.parse(text))).not.toThrow();
  });

  it('begin the comment of every field of an operation with what it means for a request', () => {
    const messages = new Set(
      all.flatMap(({ input, output }) => [input, output]).filter(({ typeName }) => typeName.startsWith('postern.')),
    );
    const plain = [...messages].flatMap(({ fields }) => fields.filter(({ oneof }) => !oneof));
    const wrong = plain.filter((one) => !/^(Required|Optional|Output only|Immutable)\. /.test(comment(one)));
    expect(wrong.map((one) => `${one.parent.typeName}.${one.name}`)).toEqual([]);
  });
});

describe('the reader', () => {
  it('reads both bindings of an update', () => {
    const { bindings, access, rest } = operation('UpdateGroup');
    expect(bindings.map(({ verb, body }) => [verb, body])).toEqual([
      ['put', 'group'],
      ['patch', 'group'],
    ]);
    expect(bindings[0]?.parameters).toEqual(['group_uuid']);
    expect(access).toEqual({ kind: 'permission', permission: 'authentik_core.change_group' });
    expect(rest.operation_id).toBe('core_groups_update');
  });

  it('tells null, required and output apart', () => {
    const behavior = (name: string) => fieldBehavior(registry, field('postern.directory.v1.Group', name));
    expect(behavior('parent')).toMatchObject({ nullable: true, required: false, outputOnly: false });
    expect(behavior('name')).toMatchObject({ nullable: false, required: true });
    expect(behavior('users_obj')).toMatchObject({ outputOnly: true });
  });

  it('finds the fields that refer to other objects', () => {
    const parent = referenceFields(registry).find((one) => one.field === field('postern.directory.v1.Group', 'parent'));
    expect(parent?.reference).toEqual({ model: 'authentik_core.group', on_delete: 'ON_DELETE_SET_NULL' });
  });
});
