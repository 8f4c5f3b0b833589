import { type DescField, type DescMessage, type FileRegistry, ScalarType } from '@bufbuild/protobuf';
import { fieldBehavior, fieldShape, messageShape, type Operation, operations, referenceOf } from '@postern/proto';
import type { ServiceName } from '@postern/rpc';
import type { Json } from '../format/index.ts';
import type { Model, ModelField, ModelOperations, Models } from './model.ts';

/**
 * Reads the models out of the protos. A model is what a service gets and lists, and creates, changes or deletes besides, or what there is one of (settings);
 * its label is that of the permissions which those operations ask for. Families (`authentik_flows.stage`) are read and deleted through their base, but made by their kinds: they are none.
 */
export function readModels(registry: FileRegistry): Models {
  const served = operations(registry).filter(({ service }) => !service.typeName.startsWith('postern.conformance.'));
  const byService = Map.groupBy(served, ({ service }) => service.typeName);
  const families = familiesIn(served);
  const found = [...byService.values()].flatMap((all) => modelsOf(registry, all, families));
  return new Map(found.map((model) => [model.label, model]));
}

/** Labels of families by the first word of their paths: `/api/v3/providers/all/` lists what all kinds below `/api/v3/providers/` have in common. */
function familiesIn(all: readonly Operation[]): ReadonlyMap<string, string> {
  const lists = all.filter(({ bindings }) => bindings[0]?.path.endsWith('/all/') && bindings[0].verb === 'get');
  return new Map(lists.map((list) => [branchOf(list), labelOfAccess(list) ?? '']));
}

function branchOf({ bindings }: Operation): string {
  return bindings[0]?.path.split('/')[3] ?? '';
}

function modelsOf(registry: FileRegistry, all: readonly Operation[], families: ReadonlyMap<string, string>): Model[] {
  return all.flatMap((get) => {
    const noun = /^Get(\w+)$/.exec(get.method.name)?.[1];
    const operationsOf = noun === undefined ? undefined : resourceOf(registry, get, noun, all);
    if (!operationsOf || isFamily(operationsOf)) return [];
    const label = labelOf(registry, operationsOf);
    if (label === undefined) return [];
    const isKind = get.output.fields.some(({ name }) => name === 'meta_model_name');
    const family = isKind ? families.get(branchOf(get)) : undefined;
    return [{ ...modelOf(registry, label, operationsOf), family }];
  });
}

function resourceOf(
  registry: FileRegistry,
  get: Operation,
  noun: string,
  all: readonly Operation[],
): ModelOperations | undefined {
  const named = (name: string) => all.find(({ method }) => method.name === name);
  if (messageShape(registry, get.output).singleton) return { get, update: named(`Update${noun}`) };
  const list = all.find(({ method, output }) => /^List/.test(method.name) && itemOf(output) === get.output);
  const [create, update, remove] = ['Create', 'Update', 'Delete'].map((verb) => named(`${verb}${noun}`));
  const isKept = create !== undefined || update !== undefined || remove !== undefined;
  return list && isKept && get.bindings.length > 0 ? { list, get, create, update, remove } : undefined;
}

/** What a page is made of. */
function itemOf(page: DescMessage): DescMessage | undefined {
  return page.fields.find(({ name, fieldKind }) => name === 'results' && fieldKind === 'list')?.message;
}

/** A base whose objects say which kind they are, and which makes none itself. */
function isFamily({ get, create }: ModelOperations): boolean {
  return create === undefined && get.output.fields.some(({ name }) => name === 'meta_model_name');
}

function labelOf(registry: FileRegistry, { list, get, create, update, remove }: ModelOperations): string | undefined {
  const declared = messageShape(registry, get.output).model;
  if (declared) return declared;
  // Beside the contract a permission names what an operation is about, not what it keeps.
  if (!get.bindings.some(({ path }) => path.startsWith('/api/v3/'))) return undefined;
  const labels = [create, update, remove, get, list].map((operation) => labelOfAccess(operation));
  return labels.find((label) => label !== undefined);
}

function labelOfAccess(operation: Operation | undefined): string | undefined {
  if (operation?.access?.kind !== 'permission') return undefined;
  const [, app, model] = /^(\w+)\.(?:add|change|delete|view)_(\w+)$/.exec(operation.access.permission) ?? [];
  return app === undefined ? undefined : `${app}.${model}`;
}

function modelOf(registry: FileRegistry, label: string, all: ModelOperations): Omit<Model, 'family'> {
  const message = all.get.output;
  const { identified_by: identifiedBy, personal, singleton } = messageShape(registry, message);
  const fields = new Map(message.fields.map((field) => [field.name, fieldOf(registry, field)]));
  const parameter = all.get.bindings[0]?.parameters[0] ?? 'pk';
  const keyField = fields.has('pk') ? 'pk' : parameter;
  const pathField = fields.has(parameter) ? parameter : keyField;
  const targetField = fields.has('policybindingmodel_ptr_id') ? 'policybindingmodel_ptr_id' : keyField;
  // The column of the key has a name of its own in the contract: that of the path, or of a filter of the list.
  const columns = [parameter, ...(all.list?.input.fields ?? []).map(({ name }) => name)].filter((name) =>
    isColumn(name, fields),
  );
  const aliases = [['pk', keyField], ...columns.map((name) => [name, keyField]), ['pbm_uuid', targetField]] as const;
  return {
    label,
    app: appOf(all.get),
    message,
    fields,
    keyField,
    pathField,
    aliases: new Map(aliases.map(([name = '', field = '']) => [name, field])),
    targetField,
    filters: all.list
      ? filtersOf(registry, all.list, fields, new Map(columns.map((name) => [name, keyField])))
      : new Map(),
    operations: all,
    identifiedBy,
    personal,
    singleton,
    picture: pictureOf(registry, message),
  };
}

/** The name by which blueprints set the picture that a message shows. */
function pictureOf(registry: FileRegistry, message: DescMessage): string | undefined {
  return message.fields.map((field) => fieldShape(registry, field).picture).find((name) => name !== '');
}

const APPS: readonly ServiceName[] = ['auth', 'directory', 'providers', 'tasks'];

/** `postern.auth.v1` belongs to auth. */
function appOf({ service }: Operation): ServiceName {
  const name = service.file.proto.package.split('.')[1];
  const app = APPS.find((one) => one === name);
  if (!app) throw new TypeError(`${service.typeName} belongs to no app`);
  return app;
}

function isColumn(name: string, fields: ReadonlyMap<string, ModelField>): boolean {
  return !fields.has(name) && (name === 'id' || /(?:^|_)uuid$/.test(name));
}

function fieldOf(registry: FileRegistry, desc: DescField): ModelField {
  const { required, outputOnly, inputOnly, immutable, nullable } = fieldBehavior(registry, desc);
  const { secret, derived } = fieldShape(registry, desc);
  return {
    name: desc.name,
    desc,
    required,
    writable: !outputOnly,
    immutable,
    readable: !inputOnly,
    nullable,
    secret: secret || inputOnly,
    derived,
    isList: desc.fieldKind === 'list',
    default: defaultOf(registry, desc),
    reference: referenceOf(registry, desc)?.model,
  };
}

/** What a new object has: the declared default, or the zero value of the type, as JSON. */
function defaultOf(registry: FileRegistry, desc: DescField): Json | undefined {
  const { required, nullable } = fieldBehavior(registry, desc);
  const { default: declared } = fieldShape(registry, desc);
  if (declared !== '') return JSON.parse(declared) as Json;
  if (required) return undefined;
  if (nullable) return null;
  if (desc.fieldKind === 'list') return [];
  if (desc.fieldKind === 'map') return {};
  if (desc.fieldKind === 'message') return desc.message.typeName === 'google.protobuf.Struct' ? {} : null;
  if (desc.fieldKind === 'enum') return undefined;
  return zeroOf(desc.scalar);
}

function zeroOf(scalar: ScalarType): Json {
  if (scalar === ScalarType.STRING || scalar === ScalarType.BYTES) return '';
  return scalar === ScalarType.BOOL ? false : 0;
}

/** Parameters of the list that are named after a field, and take one value of its type. */
function filtersOf(
  registry: FileRegistry,
  { input }: Operation,
  fields: ReadonlyMap<string, ModelField>,
  columns: ReadonlyMap<string, string>,
) {
  const filters = new Map<string, DescField>();
  for (const parameter of input.fields) {
    const named = fieldShape(registry, parameter).query_name || parameter.name;
    const name = columns.get(named) ?? named;
    const field = fields.get(name);
    if (field && !field.isList && isSameType(parameter, field.desc)) filters.set(name, parameter);
  }
  return filters;
}

function isSameType(parameter: DescField, field: DescField): boolean {
  return parameter.fieldKind === 'scalar' && field.fieldKind === 'scalar' && parameter.scalar === field.scalar;
}
