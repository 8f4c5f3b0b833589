import type { SpanProcessor } from '@opentelemetry/sdk-trace-node';

/** The span exporter of a process. */
export type Tracing = {
  /** Sends what is left; waits for it. */
  close(): Promise<void>;
};

export type TracingOptions = {
  /** Name of the process in the traces. */
  service: string;
  version?: string;
  /** OTLP over HTTP, such as `http://collector:4318/v1/traces`. Without one nothing is recorded and nothing of the SDK is loaded. */
  endpoint?: string;
  /** Share of traces that are recorded, 0 to 1, when the caller has not decided. Default 1. */
  ratio?: number;
  /** Receives spans beside the exporter. */
  processor?: SpanProcessor;
};

/** Starts tracing for the whole process. OpenTelemetry keeps one provider a process: call it once. */
export async function startTracing({
  service,
  version,
  endpoint,
  ratio = 1,
  processor,
}: TracingOptions): Promise<Tracing> {
  if (endpoint === undefined && processor === undefined) return { close: async () => undefined };
  const sdk = await import('@opentelemetry/sdk-trace-node');
  const { resourceFromAttributes } = await import('@opentelemetry/resources');
  const processors = processor === undefined ? [] : [processor];
  if (endpoint !== undefined) {
    const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
    processors.push(new sdk.BatchSpanProcessor(new OTLPTraceExporter({ url: endpoint })));
  }
  const provider = new sdk.NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.version': version ?? 'unknown' }),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: processors,
  });
  provider.register();
  return { close: () => provider.shutdown() };
}
