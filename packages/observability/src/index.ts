/** Logs, metrics and traces. Small functions; the only global is OpenTelemetry's own. */

export {
  createLogger,
  LOG_LEVELS,
  type LogFunction,
  type Logger,
  type LoggerOptions,
  type LogLevel,
} from './logger.ts';
export { createMetrics, type Labels, type MetricOptions, type Metrics } from './metrics.ts';
export { type Probes, type ProbesOptions, serveProbes } from './probes.ts';
export { redact, redactText } from './redaction.ts';
export { currentTraceId, extractTrace, injectTrace, inSpan, inSqlSpan, recordSql, type SpanOptions } from './spans.ts';
export { startTracing, type Tracing, type TracingOptions } from './tracing.ts';
