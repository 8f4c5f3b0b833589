import { afterEach, expect, it } from 'vitest';
import { createMetrics, type Probes, serveProbes } from './index.ts';

let probes: Probes | undefined;
afterEach(() => probes?.close());

async function given(ready = () => true) {
  const metrics = createMetrics();
  probes = await serveProbes({ metrics, address: { host: '127.0.0.1', port: 0 }, ready });
  const { port } = probes;
  return { metrics, get: (path: string) => fetch(`http://127.0.0.1:${port}${path}`) };
}

it('serves counters, histograms, gauges and the metrics of the process', async () => {
  const { metrics, get } = await given();
  metrics.counter({ name: 'calls_total', help: 'Calls.', labels: ['method'] }).add({ method: 'Get' }, 2);
  metrics.counter({ name: 'calls_total', help: 'Calls.', labels: ['method'] }).add({ method: 'Get' });
  metrics.histogram({ name: 'call_seconds', help: 'Time.' }).observe(0.02);
  metrics.gauge({ name: 'queue_length', help: 'Waiting.', read: () => 5 });
  const text = await (await get('/metrics')).text();
  expect(text).toContain('calls_total{method="Get"} 3');
  expect(text).toContain('call_seconds_bucket{le="0.025"} 1');
  expect(text).toContain('queue_length 5');
  expect(text).toContain('nodejs_eventloop_lag_seconds');
  expect(text).toContain('process_resident_memory_bytes');
});

it('is alive, but not ready, while the process says so', async () => {
  const { get } = await given(() => false);
  expect((await get('/-/health/live/')).status).toBe(204);
  expect((await get('/-/health/ready/')).status).toBe(503);
});

it('answers 404 to anything else', async () => {
  const { get } = await given();
  expect((await get('/')).status).toBe(404);
});

it('rejects when the address is taken', async () => {
  await given();
  const address = { host: '127.0.0.1', port: probes?.port ?? 0 };
  await expect(serveProbes({ metrics: createMetrics(), address })).rejects.toThrow('EADDRINUSE');
});
