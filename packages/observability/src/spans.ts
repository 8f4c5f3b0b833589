import {
  type Attributes,
  type Context,
  context,
  isSpanContextValid,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';

const TRACER = 'postern';

export type SpanOptions = {
  /** Default `internal`. */
  kind?: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  attributes?: Attributes;
  /** Where the span hangs. Default: the active span. */
  parent?: Context;
};

const KINDS = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

/** Runs `work` inside a span, which ends with it and carries its error. Costs next to nothing while tracing is off. */
export async function inSpan<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T> {
  const { kind = 'internal', attributes, parent = context.active() } = options;
  const span = trace.getTracer(TRACER).startSpan(name, { kind: KINDS[kind], attributes }, parent);
  return context.with(trace.setSpan(parent, span), async () => {
    try {
      return await work(span);
    } catch (error) {
      span.recordException(error instanceof Error ? error : String(error));
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** A span around one SQL statement. The text is recorded, its parameters never are. */
export function inSqlSpan<T>(sql: string, work: () => Promise<T>): Promise<T> {
  const [verb = 'sql'] = /^\s*\w+/.exec(sql) ?? [];
  const attributes = { 'db.system.name': 'postgresql', 'db.query.text': sql.slice(0, 2_000) };
  return inSpan(`sql ${verb.trim().toLowerCase()}`, { kind: 'client', attributes }, work);
}

/** Records a span for a statement that just ended, for drivers that only tell afterwards. */
export function recordSql({ sql, milliseconds, failed }: { sql: string; milliseconds: number; failed: boolean }): void {
  const endTime = Date.now();
  const [verb = 'sql'] = /\w+/.exec(sql) ?? [];
  const attributes = { 'db.system.name': 'postgresql', 'db.query.text': sql.slice(0, 2_000) };
  const options = { kind: SpanKind.CLIENT, attributes, startTime: endTime - milliseconds };
  const span = trace.getTracer(TRACER).startSpan(`sql ${verb.toLowerCase()}`, options, context.active());
  if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end(endTime);
}

/** Hands the trace headers of the active span (`traceparent`, `tracestate`) to `set`: gRPC metadata, NATS headers, an envelope. */
export function injectTrace(set: (name: string, value: string) => void): void {
  propagation.inject(context.active(), set, { set: (carrier, name, value) => carrier(name, value) });
}

/** The context that trace headers describe, for the `parent` of a span. */
export function extractTrace(get: (name: string) => string | undefined): Context {
  return propagation.extract(context.active(), get, { get: (carrier, name) => carrier(name), keys: () => [] });
}

/** Id of the active trace; undefined while tracing is off. */
export function currentTraceId(): string | undefined {
  const active = trace.getActiveSpan()?.spanContext();
  return active !== undefined && isSpanContextValid(active) ? active.traceId : undefined;
}
