import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { createLogger, currentTraceId, extractTrace, injectTrace, inSpan, inSqlSpan, startTracing } from './index.ts';

const posted: string[] = [];
const collector = createServer((request, response) => {
  posted.push(request.url ?? '');
  request.resume().on('end', () => response.end('{}'));
});
await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
const { port } = collector.address() as AddressInfo;

const exporter = new InMemorySpanExporter();
const tracing = await startTracing({
  service: 'test',
  endpoint: `http://127.0.0.1:${port}/v1/traces`,
  processor: new SimpleSpanProcessor(exporter),
});

beforeEach(() => exporter.reset());
afterAll(() => new Promise<void>((resolve) => collector.close(() => resolve())));

it('carries a trace across a boundary that only knows names and values', async () => {
  const headers = new Map<string, string>();
  await inSpan('call', { kind: 'client' }, async () => injectTrace((name, value) => headers.set(name, value)));
  await inSpan('serve', { kind: 'server', parent: extractTrace((name) => headers.get(name)) }, async () => undefined);
  const [call, serve] = exporter.getFinishedSpans();
  expect(serve?.spanContext().traceId).toBe(call?.spanContext().traceId);
  expect(serve?.parentSpanContext?.spanId).toBe(call?.spanContext().spanId);
});

it('records the error of a failed span and passes it on', async () => {
  await expect(inSpan('fails', {}, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(exporter.getFinishedSpans()[0]?.status.code).toBe(2);
});

it('names a span of SQL by its verb', async () => {
  await inSqlSpan('select 1 from users where name = $1', async () => undefined);
  expect(exporter.getFinishedSpans()[0]?.name).toBe('sql select');
});

it('writes the trace id on log lines inside a span, and none outside', async () => {
  const lines: string[] = [];
  const log = createLogger({ output: { write: (line) => lines.push(line) } });
  await inSpan('work', {}, async () => log.info(`in ${currentTraceId()}`));
  log.info('outside');
  const [inside, outside] = lines.map((line) => JSON.parse(line));
  expect(inside.msg).toBe(`in ${inside.trace}`);
  expect(outside.trace).toBeUndefined();
});

it('sends what is left to the collector when it closes', async () => {
  await inSpan('last', {}, async () => undefined);
  await tracing.close();
  expect(posted).toContain('/v1/traces');
});
