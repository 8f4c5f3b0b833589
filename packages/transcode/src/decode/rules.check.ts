import type { Violation } from '@postern/errors';
import { notAFilterChoice, textOfRule, texts } from '../field.texts.ts';
import { type Place, reject } from './decoder.ts';
import type { FieldRules, RuleSet } from './field.rules.ts';

/** Checks a decoded value against the rules of its field; notes what is wrong. */
export type Check = (value: unknown, at: string, sink: Violation[]) => void;

/** One rule: its id, its limit, and whether a value keeps it. */
type Rule = { readonly id: string; readonly limit?: string; keeps(value: unknown): boolean };

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

/**
 * The rules that the gateway checks itself, so that one answer names every wrong field, those of a wrong type included.
 * The service checks all rules again: it trusts nobody.
 */
export function checkOf(rules: FieldRules, place: Place): Check | undefined {
  if (rules.ignore === 'always') return undefined;
  const all = [...stringRules(rules.string ?? {}), ...numberRules(rules.number ?? {})];
  if (all.length === 0) return undefined;
  // A rule that looks away from zero means what is left out. In JSON a text that is there and empty is not left out: a minimum counts for it.
  const mayBeZero = rules.ignore === 'zero' && (place === 'query' || !rules.string?.min_len);
  return (value, at, sink) => {
    if (value === undefined || (mayBeZero && (value === '' || value === 0))) return;
    const broken = all.find((rule) => !rule.keeps(value));
    if (broken) reject(sink, at, sentence(broken, value, place));
  };
}

function sentence({ id, limit }: Rule, value: unknown, place: Place): string {
  if (place === 'query' && id === 'string.uuid') return texts.filterUuid;
  if (place === 'query' && id === 'string.in') return notAFilterChoice(value);
  const [, name = ''] = id.split('.');
  return textOfRule(id, { value, limits: limit === undefined ? {} : { [name]: limit } }) ?? 'Invalid value.';
}

const LENGTHS: Readonly<Record<string, (length: number, limit: number) => boolean>> = {
  min_len: (length, limit) => length >= limit,
  max_len: (length, limit) => length <= limit,
  len: (length, limit) => length === limit,
};

function stringRules(rules: RuleSet): Rule[] {
  const found = limitRules('string', rules, LENGTHS, (value) => lengthOf(String(value)));
  const { uuid, in: choices, pattern } = rules;
  if (uuid === true) found.push({ id: 'string.uuid', keeps: (value) => UUID.test(String(value)) });
  if (Array.isArray(choices)) {
    const allowed = new Set<unknown>(choices);
    found.push({ id: 'string.in', keeps: (value) => allowed.has(value) });
  }
  const expression = typeof pattern === 'string' ? compile(pattern) : undefined;
  if (expression)
    found.push({ id: 'string.pattern', limit: String(pattern), keeps: (value) => expression.test(String(value)) });
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

const BOUNDS: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  gte: (value, limit) => value >= limit,
  gt: (value, limit) => value > limit,
  lte: (value, limit) => value <= limit,
  lt: (value, limit) => value < limit,
};

function numberRules(rules: RuleSet): Rule[] {
  return limitRules('number', rules, BOUNDS, Number);
}

/** The rules that compare a measure of the value with a limit. */
function limitRules(
  kind: string,
  rules: RuleSet,
  comparisons: Readonly<Record<string, (measure: number, limit: number) => boolean>>,
  measure: (value: unknown) => number,
): Rule[] {
  return Object.entries(comparisons).flatMap(([name, compare]) => {
    const limit = rules[name];
    if (limit === undefined) return [];
    return [
      {
        id: `${kind}.${name}`,
        limit: String(limit),
        keeps: (value: unknown) => compare(measure(value), Number(limit)),
      },
    ];
  });
}
