import { AsyncLocalStorage } from 'node:async_hooks';
import type { Logger, Metrics } from '@postern/observability';
import { readEvaluation, readProblem } from './answers.ts';
import { createCalls, namesOf } from './calls.ts';
import type { Evaluation, Expression, ExpressionSettings, Expressions, HostFunctions, LogLine } from './contract.ts';
import { createDnsFunctions } from './dns.functions.ts';
import { ExpressionError } from './expression.error.ts';
import type { Interpreter } from './interpreter.ts';
import { createNursery } from './nursery.ts';
import { createPool } from './pool.ts';
import { limitsOf } from './settings.ts';
import { encode } from './values.ts';
import { stubborn } from './watch.ts';

export type ExpressionsDeps = {
  log: Logger;
  metrics?: Metrics;
  settings?: ExpressionSettings;
  /** Functions that every evaluation may call; those of an evaluation come before them. */
  functions?: HostFunctions;
};

/** A call that a host function is answering: what it evaluates runs inside. */
type Within = { interpreter: Interpreter; tenant: string; depth: number; isOpen: boolean };

/** Policies that call policies that call policies. */
const DEEPEST = 8;

/** The engine: starts nothing before the first expression comes. */
export function createExpressions({ log, metrics, settings = {}, functions = {} }: ExpressionsDeps): Expressions {
  const limits = limitsOf(settings);
  const nursery = createNursery({ log, options: limits });
  const pool = createPool({ start: nursery.start, settings: limits, log });
  const within = new AsyncLocalStorage<Within>();
  const shared: HostFunctions = { ...createDnsFunctions(), ...functions };
  const record = recorder(metrics, pool.count);

  /** Runs on the interpreter that waits for us, or on one of the pool. */
  const onInterpreter = async <Result>(
    tenant: string,
    signal: AbortSignal,
    work: (interpreter: Interpreter, depth: number) => Promise<Result>,
  ): Promise<Result> => {
    const outer = within.getStore();
    if (outer === undefined || !outer.isOpen || outer.tenant !== tenant)
      return pool.lend(tenant, signal, (interpreter) => work(interpreter, 0));
    if (outer.depth >= DEEPEST) throw new ExpressionError('raised', 'Expressions call each other without end.');
    return work(outer.interpreter, outer.depth + 1);
  };

  const run = async (expression: Expression): Promise<Evaluation> => {
    const { tenant, name, kind, code, variables } = expression;
    const offered = { ...shared, ...expression.functions };
    const text = encode({ name, kind, code, variables: namedOf(variables), functions: namesOf(offered) });
    const time = Math.min(expression.timeoutMs ?? limits.timeoutMs, limits.timeoutMs);
    const ending = new AbortController();
    const timer = setTimeout(() => ending.abort(), time);
    const { signal } = ending;
    const answer = createCalls({ functions: offered, call: { tenant, name, signal }, log });
    try {
      return await onInterpreter(tenant, signal, async (interpreter, depth) => {
        const onCall = async (asked: string) => {
          const store: Within = { interpreter, tenant, depth, isOpen: true };
          return within
            .run(store, () => answer(asked))
            .finally(() => {
              store.isOpen = false;
            });
        };
        return readEvaluation(await answered(interpreter.ask('evaluate', text, onCall), interpreter, signal));
      });
    } finally {
      clearTimeout(timer);
      ending.abort();
    }
  };

  return {
    async check({ tenant, code }) {
      const signal = AbortSignal.timeout(limits.timeoutMs);
      try {
        return await onInterpreter(tenant, signal, async (interpreter) =>
          readProblem(await answered(interpreter.ask('check', code), interpreter, signal)),
        );
      } catch (error) {
        // Code so deep that it brings the compiler down is refused like code that it cannot read.
        if (!(error instanceof ExpressionError) || !REFUSED_BY_FALL.has(error.failure)) throw error;
        return { line: 1, column: 1, message: 'the code is too complex to be compiled' };
      }
    },
    async evaluate(expression) {
      const done = record(expression.kind);
      try {
        const evaluation = await run(expression);
        writeLines(log, expression.name, evaluation.logs);
        done('ok');
        return evaluation;
      } catch (error) {
        done(error instanceof ExpressionError ? error.failure : 'broken');
        if (error instanceof ExpressionError) writeLines(log, expression.name, error.logs);
        throw error;
      }
    },
    close: pool.close,
  };
}

/** How long an interpreter has to come to an end when the time is over and no function of the host answers it any more. */
const GRACE_MS = 5_000;

/** Ends an interpreter that says nothing, and computes nothing either, long after the time of the evaluation. */
async function answered<Result>(work: Promise<Result>, interpreter: Interpreter, signal: AbortSignal): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const end = () => {
    timer = setTimeout(() => interpreter.kill(stubborn()), GRACE_MS);
  };
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  return work.finally(() => {
    signal.removeEventListener('abort', end);
    clearTimeout(timer);
  });
}

const REFUSED_BY_FALL = new Set(['crashed', 'time', 'memory']);

const IDENTIFIER = /^[\p{L}_][\p{L}\p{N}_]*$/u;

/** Only what can be a parameter of a function in Python; a wrong name is a mistake of ours, and said at once. */
function namedOf(variables: Expression['variables']): Expression['variables'] {
  const wrong = Object.keys(variables).find((name) => !IDENTIFIER.test(name));
  if (wrong !== undefined) throw new TypeError(`"${wrong}" cannot be a variable of an expression.`);
  return variables;
}

function writeLines(log: Logger, expression: string, lines: readonly LogLine[]): void {
  for (const { level, message, facts } of lines) {
    const write = { debug: log.debug, info: log.info, warning: log.warn, error: log.error }[level];
    write({ expression, facts }, message);
  }
}

/** How long evaluations take and how they end, in the metrics. */
function recorder(metrics: Metrics | undefined, count: () => number) {
  const seconds = metrics?.histogram({
    name: 'postern_expression_seconds',
    help: 'How long evaluations of expressions took, waiting included.',
    labels: ['kind', 'outcome'],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30],
  });
  metrics?.gauge({ name: 'postern_expression_interpreters', help: 'Interpreters alive.', read: count });
  return (kind: string) => {
    const begin = performance.now();
    return (outcome: string) => seconds?.observe((performance.now() - begin) / 1_000, { kind, outcome });
  };
}
