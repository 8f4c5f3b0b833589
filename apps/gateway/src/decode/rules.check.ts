import type { Violation } from '@postern/errors';
import { notAFilterChoice, textOfRule, texts } from '../errors/field.texts.ts';
import { type Place, reject } from './decoder.ts';
import { type FieldRules, Ignore } from './field.rules.ts';

/** Checks a decoded value against the rules of its field; notes what is wrong. */
export type Check = (value: unknown, at: string, sink: Violation[]) => void;

/** One rule: its id, its limit, and whether a value keeps it. */
type Rule = { readonly id: string; readonly limit?: string; keeps(value: unknown): boolean };

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

/**
 * The rules that the gateway checks itself, so that one answer names every wrong field, those of a wrong type included.
 * The service checks all rules again: it trusts nobody.
 */
export function checkOf(rules: FieldRules | undefined, place: Place): Check | undefined {
  if (!rules || rules.ignore === Ignore.IGNORE_ALWAYS) return undefined;
  const all = [...stringRules(rules), ...numberRules(rules)];
  if (all.length === 0) return undefined;
  const skipsZero = rules.ignore === Ignore.IGNORE_IF_ZERO_VALUE;
  return (value, at, sink) => {
    if (value === undefined || (skipsZero && (value === '' || value === 0))) return;
    const broken = all.find((rule) => !rule.keeps(value));
    if (broken) reject(sink, at, sentence(broken, value, place), broken.id);
  };
}

function sentence({ id, limit }: Rule, value: unknown, place: Place): string {
  if (place === 'query' && id === 'string.uuid') return texts.filterUuid;
  if (place === 'query' && id === 'string.in') return notAFilterChoice(value);
  const [, name = ''] = id.split('.');
  return textOfRule(id, { value, limits: limit === undefined ? {} : { [name]: limit } }) ?? 'Invalid value.';
}

function stringRules({ string: rules }: FieldRules): Rule[] {
  if (!rules) return [];
  const found: Rule[] = [];
  const add = (id: string, limit: number | undefined, keeps: (text: string, limit: number) => boolean) => {
    if (limit !== undefined) found.push({ id, limit: String(limit), keeps: (value) => keeps(String(value), limit) });
  };
  add('string.min_len', rules.min_len, (text, limit) => lengthOf(text) >= limit);
  add('string.max_len', rules.max_len, (text, limit) => lengthOf(text) <= limit);
  add('string.len', rules.len, (text, limit) => lengthOf(text) === limit);
  if (rules.uuid) found.push({ id: 'string.uuid', keeps: (value) => UUID.test(String(value)) });
  if (rules.in.length > 0) {
    const choices = new Set<unknown>(rules.in);
    found.push({ id: 'string.in', keeps: (value) => choices.has(value) });
  }
  if (rules.pattern !== undefined) {
    const pattern = compile(rules.pattern);
    if (pattern)
      found.push({ id: 'string.pattern', limit: rules.pattern, keeps: (value) => pattern.test(String(value)) });
  }
  return found;
}

/** Rules use RE2 syntax; what JavaScript does not read the same way is left to the service. */
function compile(pattern: string): RegExp | undefined {
  try {
    return /\(\?[imsU]|\\[AzCQpP]|\[\[:/.test(pattern) ? undefined : new RegExp(pattern, 'u');
  } catch {
    return undefined;
  }
}

/** Length in code points, as the rules count. */
function lengthOf(text: string): number {
  return Array.from(text).length;
}

function numberRules(rules: FieldRules): Rule[] {
  const limits = rules.int32 ?? rules.int64 ?? rules.uint32 ?? rules.uint64 ?? rules.double ?? rules.float;
  if (!limits) return [];
  const found: Rule[] = [];
  const add = (name: string, limit: number | undefined, keeps: (value: number, limit: number) => boolean) => {
    if (limit !== undefined)
      found.push({ id: `number.${name}`, limit: String(limit), keeps: (value) => keeps(Number(value), limit) });
  };
  add('gte', limits.gte, (value, limit) => value >= limit);
  add('gt', limits.gt, (value, limit) => value > limit);
  add('lte', limits.lte, (value, limit) => value <= limit);
  add('lt', limits.lt, (value, limit) => value < limit);
  return found;
}
