import { type DescField, type DescMessage, fromBinary, getExtension, hasExtension } from '@bufbuild/protobuf';
import type { Path } from '@bufbuild/protobuf/reflect';
import { reflect } from '@bufbuild/protobuf/reflect';
import { type Violation as BrokenRule, createValidator, type Validator } from '@bufbuild/protovalidate';
import {
  FieldRulesSchema,
  field as fieldRules,
  message as messageRules,
  oneof as oneofRules,
} from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';
import { invalidFields, type Violation } from '@postern/errors';
import type { Contract, ContractMethod } from './contract.ts';
import { maskOf, type UpdateMask } from './update-mask.ts';

/** Checks the bytes of a request; throws INVALID_FIELDS. */
export type RequestValidator = (request: Uint8Array) => void;

/** Makes validators of requests out of the `buf.validate` rules of the protos. */
export function createValidators({ registry }: Pick<Contract, 'registry'>) {
  const validator = createValidator({ registry });
  const behavior = registry.getExtension('google.api.field_behavior');
  const isOutputOnly = (field: DescField): boolean => {
    const { options } = field.proto;
    if (behavior === undefined || options === undefined || !hasExtension(options, behavior)) return false;
    const values: unknown = getExtension(options, behavior);
    return Array.isArray(values) && values.includes(OUTPUT_ONLY);
  };
  /** Undefined when nothing in the request has a rule. */
  return ({ request, body }: Pick<ContractMethod, 'request' | 'body'>): RequestValidator | undefined => {
    if (!hasRules(request)) return undefined;
    const readMask = maskOf(request, body);
    return (bytes) => check(validator, request, bytes, readMask, isOutputOnly);
  };
}

/** google.api.FieldBehavior.OUTPUT_ONLY */
const OUTPUT_ONLY = 3;

function check(
  validator: Validator,
  type: DescMessage,
  bytes: Uint8Array,
  readMask: (message: ReturnType<typeof reflect>) => UpdateMask,
  isOutputOnly: (field: DescField) => boolean,
): void {
  const message = fromBinary(type, bytes);
  const result = validator.validate(type, message);
  if (result.kind === 'valid') return;
  if (result.kind === 'error') throw result.error;
  const mask = readMask(reflect(type, message));
  const violations = result.violations
    // What the server alone fills in is not the caller's to get right.
    .filter(({ field }) => !field.some((part) => part.kind === 'field' && isOutputOnly(part)))
    .map(violationOf)
    .filter(({ field }) => mask(field));
  if (violations.length > 0) throw invalidFields(violations);
}

function violationOf(broken: BrokenRule): Violation {
  const { field, message, ruleId } = broken;
  const limits = limitsOf(broken);
  const known = Object.keys(limits).length > 0 ? { limits } : {};
  return { field: dotted(field), description: message, reason: ruleId, ...known };
}

function dotted(path: Path): string {
  const names = path.map((part) => {
    if (part.kind === 'list_sub') return part.index;
    return part.kind === 'map_sub' ? String(part.key) : part.name;
  });
  return names.join('.');
}

/** The other values of the rule that was broken: for `string.max_len` all simple rules of the string. */
function limitsOf({ field, rule }: BrokenRule): Record<string, string> {
  const owner = field.findLast((part) => part.kind === 'field');
  const options = owner?.kind === 'field' ? owner.proto.options : undefined;
  if (options === undefined || rule.length < 2) return {};
  let rules: unknown = reflect(FieldRulesSchema, getExtension(options, fieldRules));
  for (const part of rule.slice(0, -1)) {
    if (part.kind !== 'field' || !isReflected(rules)) return {};
    rules = rules.get(part);
  }
  return isReflected(rules) ? scalarsOf(rules) : {};
}

type Reflected = ReturnType<typeof reflect>;

function isReflected(value: unknown): value is Reflected {
  return typeof value === 'object' && value !== null && 'fields' in value && 'desc' in value;
}

function scalarsOf(rules: Reflected): Record<string, string> {
  const set = rules.fields.filter((field) => field.fieldKind === 'scalar' && rules.isSet(field));
  return Object.fromEntries(set.map((field) => [field.name, String(rules.get(field))]));
}

/** Whether a message or anything below it declares a rule. */
function hasRules(type: DescMessage, seen = new Set<DescMessage>()): boolean {
  if (seen.has(type)) return false;
  seen.add(type);
  const { options } = type.proto;
  if (options !== undefined && hasExtension(options, messageRules)) return true;
  const isRuledOneof = type.oneofs.some(({ proto }) => proto.options && hasExtension(proto.options, oneofRules));
  if (isRuledOneof) return true;
  return type.fields.some((field) => {
    const own = field.proto.options;
    if (own !== undefined && hasExtension(own, fieldRules)) return true;
    return field.message !== undefined && hasRules(field.message, seen);
  });
}
