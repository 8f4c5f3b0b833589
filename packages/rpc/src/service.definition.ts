import type { BinaryWriter } from '@bufbuild/protobuf/wire';
import type { Call } from './call.ts';

/** Codec of one message, as ts-proto generates it. */
export interface Codec<T> {
  encode(message: T, writer?: BinaryWriter): { finish(): Uint8Array };
  decode(input: Uint8Array): T;
  fromPartial(object: object): T;
}

/** One RPC of a generated service definition. */
export interface MethodDefinition {
  readonly name: string;
  readonly requestType: Codec<unknown>;
  readonly requestStream: boolean;
  readonly responseType: Codec<unknown>;
  readonly responseStream: boolean;
  /** `idempotencyLevel` is set where the proto says that the RPC may be repeated. */
  readonly options?: { readonly idempotencyLevel?: string; readonly _unknownFields?: unknown };
}

/** A service, as ts-proto generates it (`outputServices=generic-definitions`). */
export interface ServiceDefinition {
  readonly name: string;
  readonly fullName: string;
  readonly methods: Readonly<Record<string, MethodDefinition>>;
}

/** The message that a codec reads. */
export type MessageOf<Type> = Type extends { decode(input: Uint8Array): infer Message } ? Message : never;

type Scalar = Date | Uint8Array | string | number | boolean | bigint | undefined | null;

/** A message of which every part may be left out: it then has its default. */
export type PartialMessage<T> = T extends Scalar
  ? T
  : T extends readonly (infer Item)[]
    ? readonly PartialMessage<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]?: PartialMessage<T[Key]> }
      : T;

/** What a service implements: one function per RPC, which answers with the complete message. */
export type Implementation<Definition extends ServiceDefinition> = {
  readonly [Name in keyof Definition['methods']]: (
    request: MessageOf<Definition['methods'][Name]['requestType']>,
    call: Call,
  ) => Promise<MessageOf<Definition['methods'][Name]['responseType']>>;
};

/** A handler whose message types are known to its definition alone. A method type, because those are checked bivariantly. */
export type Handler = { handle(request: unknown, call: Call): Promise<unknown> }['handle'];

/** A definition and what implements it. */
export type BoundService = {
  readonly definition: ServiceDefinition;
  readonly handlers: Readonly<Record<string, Handler | undefined>>;
  /** Stands before all of its RPCs, after their access rules and before the request is looked at. */
  readonly guard?: ServiceGuard;
};

/** Lets a call pass, or throws. Gets the HTTP headers that the RPC asked for, names in lower case; they are not verified. */
export type ServiceGuard = (headers: Readonly<Record<string, string>>) => void;

/** Puts a guard before a whole service, for callers whom no principal stands for. */
export function guardedBy(guard: ServiceGuard, service: BoundService): BoundService {
  return { ...service, guard };
}

/** Joins a definition and its implementation; the compiler checks that they fit. */
export function bind<Definition extends ServiceDefinition>(
  definition: Definition,
  implementation: Implementation<Definition>,
): BoundService {
  const handlers: Record<string, Handler | undefined> = { ...implementation };
  return { definition, handlers };
}

/** Path of an RPC on the wire: `/postern.auth.v1.TokenService/GetToken`. */
export function pathOf(service: ServiceDefinition, method: MethodDefinition): string {
  return `/${service.fullName}/${method.name}`;
}
