import {
  type DestinationStream,
  destination,
  type Logger as PinoLogger,
  pino,
  stdSerializers,
  stdTimeFunctions,
} from 'pino';
import { prettyLine } from './line.ts';
import { redact, redactText } from './redaction.ts';
import { currentTraceId } from './spans.ts';

/** From the least to the most urgent; `silent` says nothing at all. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** Writes one line: a sentence, or facts and a sentence. An error goes under the name `err`. */
export type LogFunction = {
  (message: string): void;
  (facts: object, message: string): void;
};

/** A structured log. Secrets under telling names are hidden whatever the caller does. */
export type Logger = {
  trace: LogFunction;
  debug: LogFunction;
  info: LogFunction;
  warn: LogFunction;
  error: LogFunction;
  /** A logger that adds these facts to every line. */
  child(facts: object): Logger;
};

export type LoggerOptions = {
  /** Default `info`. */
  level?: LogLevel;
  /** Name of the app, on every line. */
  service?: string;
  /** Receives complete JSON lines. Default: standard output, as one readable line each when that is a terminal. */
  output?: DestinationStream;
};

/** The log of a process: JSON lines for machines, short lines for a person at a terminal. */
export function createLogger({ level = 'info', service, output = standardOutput() }: LoggerOptions = {}): Logger {
  const options = {
    level,
    base: service === undefined ? {} : { service },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }), log: redactFacts },
    serializers: { err: serializeError, error: serializeError },
    mixin: traceFacts,
  };
  return withRedactedChildren(pino(options, output));
}

/** pino applies its formatters to the facts of a line, but not to those of a child. */
function withRedactedChildren(inner: PinoLogger): Logger {
  return {
    trace: inner.trace.bind(inner),
    debug: inner.debug.bind(inner),
    info: inner.info.bind(inner),
    warn: inner.warn.bind(inner),
    error: inner.error.bind(inner),
    child: (facts) => withRedactedChildren(inner.child(redactFacts(facts))),
  };
}

function redactFacts(facts: object): Record<string, unknown> {
  return redact(facts) as Record<string, unknown>;
}

function traceFacts(): object {
  const trace = currentTraceId();
  return trace === undefined ? {} : { trace };
}

/** Only what tells a person where it broke: properties of driver errors may carry rows and parameters. */
function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return redact(error);
  const { type, message, stack = '' } = stdSerializers.err(error);
  const code = 'code' in error ? error.code : undefined;
  return { type, message: redactText(message), ...(code === undefined ? {} : { code }), stack: redactText(stack) };
}

function standardOutput(): DestinationStream {
  if (!process.stdout.isTTY) return destination({ dest: 1, sync: true });
  return { write: (line: string) => void process.stdout.write(prettyLine(line)) };
}
