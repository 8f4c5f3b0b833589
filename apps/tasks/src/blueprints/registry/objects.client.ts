import { type DescField, type FileRegistry, ScalarType } from '@bufbuild/protobuf';
import { common, type Violation } from '@postern/errors';
import type { Operation } from '@postern/proto';
import type { Client, Origin, ServiceDefinition, ServiceName } from '@postern/rpc';
import { createMessageDecoders, createMessageEncoders, type Message, serviceDefinitions } from '@postern/transcode';
import type { Json, JsonObject } from '../format/index.ts';
import type { Model } from './model.ts';

/** Makes a client of any service. */
export type ClientFactory = <Definition extends ServiceDefinition>(
  definition: Definition,
  app?: ServiceName,
) => Client<Definition>;

/** What reaching objects needs. */
export type ObjectsDeps = { readonly registry: FileRegistry; readonly client: ClientFactory };

/** Values as the services take them, and which fields were given. */
export type Decoded = {
  readonly value: Readonly<Record<string, unknown>>;
  readonly fields: readonly string[];
  readonly violations: readonly Violation[];
};

/** The objects of all models, as JSON of the contract. */
export type Objects = {
  /** Reads JSON as the REST API does: all fields of a new object, or those given of one that exists. Never throws. */
  decode(model: Model, json: JsonObject, purpose: 'create' | 'update'): Decoded;
  /** What the values of a request look like in an answer; to compare with what is there. */
  show(model: Model, value: Readonly<Record<string, unknown>>): JsonObject;
  /** An object by what names it in paths; undefined where there is none. A singleton needs no key. */
  get(model: Model, key: Json, origin: Origin): Promise<JsonObject | undefined>;
  /** All objects, a page at a time. `filters` narrow the list by fields of the model, and need not narrow it to the point. */
  list(model: Model, filters: JsonObject, origin: Origin): AsyncGenerator<JsonObject, void>;
  create(model: Model, decoded: Decoded, origin: Origin): Promise<JsonObject>;
  /** Changes the fields that are named. */
  update(model: Model, key: Json, decoded: Decoded, fields: readonly string[], origin: Origin): Promise<JsonObject>;
  remove(model: Model, key: Json, origin: Origin): Promise<void>;
};

type Invoke = (request: object, origin: Origin) => Promise<unknown>;

const PAGE_SIZE = 100;

/** Reaches the objects of all services through their own operations. */
export function createObjects({ registry, client }: ObjectsDeps): Objects {
  const decoderOf = createMessageDecoders(registry);
  const encoderOf = createMessageEncoders(registry);
  const definitions = serviceDefinitions();
  const clients = new Map<string, Record<string, Invoke>>();

  function methodOf(operation: Operation) {
    const definition = definitions.get(operation.service.typeName);
    const entry = Object.entries(definition?.methods ?? {}).find(([, { name }]) => name === operation.method.name);
    if (!definition || !entry) throw new TypeError(`no generated code for ${operation.grpcPath}`);
    const [key, method] = entry;
    const known = clients.get(definition.fullName) ?? (client(definition) as Record<string, Invoke>);
    clients.set(definition.fullName, known);
    const invoke = known[key];
    if (!invoke) throw new TypeError(`the client lacks ${operation.grpcPath}`);
    return { invoke, method };
  }

  const call = (operation: Operation, request: object, origin: Origin) => methodOf(operation).invoke(request, origin);
  const shown = (model: Model, message: unknown) => encoderOf(model.message)(message as Message) as JsonObject;

  async function get(model: Model, key: Json, origin: Origin): Promise<JsonObject | undefined> {
    const request = keyRequest(model.operations.get, key, model);
    if (request === undefined) return undefined;
    try {
      return shown(model, await call(model.operations.get, request, origin));
    } catch (error) {
      if (common.NOT_FOUND.is(error)) return undefined;
      throw error;
    }
  }

  return {
    decode(model, json, purpose) {
      const strictness = { verb: purpose === 'create' ? 'post' : 'patch', existing: purpose === 'update' } as const;
      const violations: Violation[] = [];
      return { ...decoderOf(model.message, strictness)(json, '', violations), violations };
    },

    show: (model, value) => shown(model, methodOf(model.operations.get).method.responseType.fromPartial(value)),

    get,

    async *list(model, filters, origin) {
      const { list } = model.operations;
      if (!list) {
        const one = await get(model, null, origin);
        if (one) yield one;
        return;
      }
      const fixed = { ...everything(list), ...parametersOf(model, filters), page_size: PAGE_SIZE };
      for (let page = 1; page !== 0; ) {
        const answer = await call(list, { ...fixed, page: String(page) }, origin);
        const { results, next } = pageOf(answer);
        for (const one of results) yield shown(model, one);
        page = next;
      }
    },

    async create(model, { value }, origin) {
      const operation = required(model, 'create');
      return shown(model, await call(operation, { [bodyOf(operation)]: value }, origin));
    },

    async update(model, key, { value }, fields, origin) {
      const operation = required(model, 'update');
      const request = { ...keyRequest(operation, key, model), [bodyOf(operation)]: value, update_mask: [...fields] };
      return shown(model, await call(operation, request, origin));
    },

    async remove(model, key, origin) {
      const operation = required(model, 'remove');
      await call(operation, { ...keyRequest(operation, key, model) }, origin);
    },
  };
}

/** Field of the request that is the object. */
export function bodyOf(operation: Operation): string {
  return operation.bindings[0]?.body ?? '';
}

function required(model: Model, name: 'create' | 'update' | 'remove'): Operation {
  const operation = model.operations[name];
  if (!operation) throw new TypeError(`${model.label} has no operation to ${name}`);
  return operation;
}

/** The request that names an object; undefined for a value that can be no key. */
function keyRequest(
  { input, bindings }: Operation,
  key: Json,
  { singleton }: Model,
): Record<string, string | number> | undefined {
  if (singleton) return {};
  const parameter = bindings[0]?.parameters[0] ?? '';
  const field = input.fields.find(({ name }) => name === parameter);
  if (typeof key !== 'string' && typeof key !== 'number') return undefined;
  if (!field || !isNumber(field)) return String(key) === '' ? undefined : { [parameter]: String(key) };
  const number = Number(key);
  return Number.isSafeInteger(number) && Math.abs(number) < 2 ** 31 ? { [parameter]: number } : undefined;
}

function isNumber(field: DescField): boolean {
  return field.fieldKind === 'scalar' && WHOLE_NUMBERS.has(field.scalar);
}

const WHOLE_NUMBERS: ReadonlySet<ScalarType> = new Set([ScalarType.INT32, ScalarType.UINT32, ScalarType.INT64]);

/** Some lists show less than there is unless they are asked for all of it. */
function everything({ input }: Operation): Record<string, boolean> {
  return input.fields.some(({ name }) => name === 'superuser_full_list') ? { superuser_full_list: true } : {};
}

function parametersOf(model: Model, filters: JsonObject): Record<string, Json> {
  const entries = Object.entries(filters).flatMap(([name, value]) => {
    const parameter = model.filters.get(name);
    const given = parameter && parameterOf(parameter, value);
    return parameter && given !== undefined ? [[parameter.name, given]] : [];
  });
  return Object.fromEntries(entries);
}

/** A value as a parameter takes it; undefined where it does not fit: then the list is not narrowed. */
function parameterOf(parameter: DescField, value: Json): Json | undefined {
  if (parameter.fieldKind !== 'scalar') return undefined;
  if (parameter.scalar === ScalarType.STRING) return typeof value === 'object' ? undefined : String(value);
  if (parameter.scalar === ScalarType.BOOL) return typeof value === 'boolean' ? value : undefined;
  return Number.isSafeInteger(Number(value)) ? Number(value) : undefined;
}

function pageOf(answer: unknown): { results: readonly unknown[]; next: number } {
  const { results, pagination } = Object(answer);
  return { results: Array.isArray(results) ? results : [], next: Number(Object(pagination).next ?? 0) };
}
