import type { Changes, Evaluation, Kept, KeyChanges, LogLine } from './contract.ts';
import { ExpressionError, type ExpressionFailure } from './expression.error.ts';
import type { Json, JsonObject } from './json.ts';
import { plain, unmarked } from './values.ts';

/** What the code of an administrator may have had its hands on is read like any answer from outside: nothing in it is believed. */

/**
 * The evaluation that the interpreter reports.
 *
 * @throws ExpressionError when it reports a failure, or nonsense
 */
export function readEvaluation(text: string): Evaluation {
  const answer = objectOf(parsed(text));
  const messages = listOf(answer.messages).filter((each) => typeof each === 'string');
  const logs = listOf(answer.logs).map(logLine);
  if (answer.failure !== undefined) throw failureOf(answer, messages, logs);
  const truthy = answer.truthy === true;
  return { value: plain(answer.value ?? null), truthy, messages, logs, changes: changesOf(answer.changes) };
}

/** The syntax problem that the interpreter reports, if it does. */
export function readProblem(text: string): { line: number; column: number; message: string } | undefined {
  const answer = parsed(text);
  if (answer === null) return undefined;
  const { line, column, message } = objectOf(answer);
  return { line: place(line) ?? 1, column: place(column) ?? 1, message: textOf(message) };
}

/** The call that the interpreter makes. */
export function readCall(text: string): { name: string; args: JsonObject } {
  const { name, arguments: args } = objectOf(parsed(text));
  return { name: textOf(name), args: objectOf(args) };
}

const FAILURES: Readonly<Record<string, ExpressionFailure>> = {
  syntax: 'syntax',
  raised: 'raised',
  time: 'time',
  memory: 'memory',
  result: 'result',
};

const SAID: Partial<Record<ExpressionFailure, string>> = {
  time: 'The expression computes for too long.',
  memory: 'The expression wants more memory than it may have.',
};

function failureOf(answer: JsonObject, messages: string[], logs: LogLine[]): ExpressionError {
  const failure = FAILURES[textOf(answer.failure)] ?? 'crashed';
  const details = { line: place(answer.line), column: place(answer.column), messages, logs };
  const traceback = textOf(answer.traceback) || undefined;
  return new ExpressionError(failure, SAID[failure] ?? textOf(answer.message), { ...details, traceback });
}

const LEVELS: Readonly<Record<string, LogLine['level']>> = { debug: 'debug', warning: 'warning', error: 'error' };

function logLine(line: Json): LogLine {
  const { level, message, facts } = objectOf(line);
  return { level: LEVELS[textOf(level)] ?? 'info', message: textOf(message), facts: { ...objectOf(facts ?? {}) } };
}

function changesOf(changes: Json | undefined): Changes {
  const { context, plan, redirect } = objectOf(changes ?? {});
  const found = { context: keyChanges(context), plan: keyChanges(plan) };
  return typeof redirect === 'string' ? { ...found, redirect } : found;
}

function keyChanges(changes: Json | undefined): KeyChanges {
  const { set, removed } = objectOf(changes ?? {});
  const kept = unmarked(objectOf(set ?? {}));
  return { set: isKeys(kept) ? { ...kept } : {}, removed: listOf(removed).filter((each) => typeof each === 'string') };
}

function isKeys(value: Kept): value is { readonly [key: string]: Kept } {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ExpressionError('crashed', 'The interpreter answered with nonsense.', { cause });
  }
}

function objectOf(value: Json | undefined): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new ExpressionError('crashed', 'The interpreter answered with nonsense.');
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function place(value: Json | undefined): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}
