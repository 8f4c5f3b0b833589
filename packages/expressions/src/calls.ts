import { PosternError } from '@postern/errors';
import type { Logger } from '@postern/observability';
import { readCall } from './answers.ts';
import type { HostCall, HostFunctions } from './contract.ts';
import { HostFunctionError } from './expression.error.ts';
import type { JsonObject } from './json.ts';
import type { Value } from './model-object.ts';
import { encode, unmarked } from './values.ts';

/** Calls that one evaluation may make. */
const MOST = 1_000;

type Callable = (args: unknown, call: HostCall) => Promise<Value | undefined>;

/** Answers the calls of one evaluation, always with a text: the value, or what went wrong. */
export function createCalls({
  functions,
  call,
  log,
}: {
  functions: HostFunctions;
  call: HostCall;
  log: Logger;
}): (text: string) => Promise<string> {
  const offered: ReadonlyMap<string, Callable> = new Map(callables(functions));
  let made = 0;
  return async (text) => {
    try {
      const { name, args } = readCall(text);
      made += 1;
      if (made > MOST) throw new HostFunctionError(`More than ${MOST} calls in one evaluation.`);
      const asked = offered.get(name);
      if (asked === undefined) throw new HostFunctionError(`${name} is not available here.`);
      const value = await withinTime(asked(argumentsOf(args), call), call.signal);
      return `{"value":${encode(value)}}`;
    } catch (error) {
      return encode({ error: messageOf(error, call.name, log) });
    }
  };
}

/** Names of the functions that are there. */
export function namesOf(functions: HostFunctions): string[] {
  return callables(functions).map(([name]) => name);
}

function callables(functions: HostFunctions): [string, Callable][] {
  return Object.entries(functions).filter((entry): entry is [string, Callable] => typeof entry[1] === 'function');
}

function argumentsOf(args: JsonObject): unknown {
  return unmarked(args);
}

/** Answers at the end of the time even when the function does not look at its signal. */
function withinTime<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const over = Promise.withResolvers<never>();
  const end = () => over.reject(new HostFunctionError('The time of the expression is over.'));
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  return Promise.race([work, over.promise]).finally(() => signal.removeEventListener('abort', end));
}

function messageOf(error: unknown, name: string, log: Logger): string {
  if (error instanceof HostFunctionError || error instanceof PosternError) return error.message;
  log.error({ err: error, expression: name }, 'a function of an expression failed');
  return 'The function failed; the log of the server says why.';
}
