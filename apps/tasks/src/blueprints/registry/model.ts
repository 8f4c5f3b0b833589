import type { DescField, DescMessage } from '@bufbuild/protobuf';
import type { Operation } from '@postern/proto';
import type { ServiceName } from '@postern/rpc';
import type { Json } from '../format/index.ts';

/** A kind of object that blueprints may speak of, as the protos declare it. */
export type Model = {
  /** App that keeps the objects. */
  readonly app: ServiceName;
  /** Label of the contract, such as `authentik_core.group`. */
  readonly label: string;
  /** Label of the family that it is a kind of, such as `authentik_core.provider`; fields may refer to it by that. */
  readonly family: string | undefined;
  readonly message: DescMessage;
  readonly fields: ReadonlyMap<string, ModelField>;
  /** Field that holds the key that other objects refer to it by. */
  readonly keyField: string;
  /** Field whose value names an object in paths: the key, or what stands for it (`slug`). */
  readonly pathField: string;
  /** Names that identifiers know keys by (`pk`, and its column, such as `flow_uuid`), and the field of each. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Field that holds the key by which policies are bound to it. */
  readonly targetField: string;
  /** Fields that its list can be narrowed by, and the parameter of each. */
  readonly filters: ReadonlyMap<string, DescField>;
  readonly operations: ModelOperations;
  /**
   * Fields that together tell an object from all others of the model; `managed|name` is the first of them that is set. Empty for objects that are no
   * configuration: what happened, what is issued, what people have.
   */
  readonly identifiedBy: readonly string[];
  /** The objects are people's. */
  readonly personal: boolean;
  /** Field by which entries set the picture that an object shows; undefined for models without pictures. */
  readonly picture: string | undefined;
  /** There is one in each tenant, always: nothing identifies it, nothing refers to it, nobody makes or deletes it. */
  readonly singleton: boolean;
};

/** How the objects of a model are reached. */
export type ModelOperations = {
  /** Undefined for a singleton: there is one. */
  readonly list?: Operation | undefined;
  readonly get: Operation;
  readonly create?: Operation | undefined;
  readonly update?: Operation | undefined;
  readonly remove?: Operation | undefined;
};

/** A field of a model. */
export type ModelField = {
  readonly name: string;
  readonly desc: DescField;
  /** Must be given to create an object. */
  readonly required: boolean;
  /** Can be set at all; at creation only, when it is immutable. */
  readonly writable: boolean;
  readonly immutable: boolean;
  /** Can be read: a secret can be set and not be seen. */
  readonly readable: boolean;
  readonly nullable: boolean;
  /** Must not be told: whoever knows it can act for somebody. */
  readonly secret: boolean;
  /** Follows from other objects. */
  readonly derived: boolean;
  readonly isList: boolean;
  /** What a new object has where nothing is given; undefined where that is not declared. */
  readonly default: Json | undefined;
  /** Label of the model that its value is a key of. */
  readonly reference: string | undefined;
};

/** All models, by label. */
export type Models = ReadonlyMap<string, Model>;
