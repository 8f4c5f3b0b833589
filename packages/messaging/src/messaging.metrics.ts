/** The numbers of messaging in Prometheus. */

import type { Metrics } from '@postern/observability';
import type { MessagingMetrics } from './observer.ts';

/** Registers the metrics of messaging; apps of one process share them. */
export function messagingMetrics(metrics: Metrics): MessagingMetrics {
  const published = metrics.counter({
    name: 'postern_events_published_total',
    help: 'Events handed to the bus.',
    labels: ['app'],
  });
  const publishFailed = metrics.counter({
    name: 'postern_events_publish_failures_total',
    help: 'Hand-overs to the bus that failed and are repeated.',
    labels: ['app'],
  });
  const lag = metrics.gauge({
    name: 'postern_outbox_lag_seconds',
    help: 'How long the oldest event of the outbox has waited.',
    labels: ['app'],
  });
  const handled = metrics.histogram({
    name: 'postern_event_handling_seconds',
    help: 'Transactions of event handlers that succeeded.',
    labels: ['consumer'],
  });
  const failed = metrics.counter({
    name: 'postern_event_failures_total',
    help: 'Attempts to handle an event that failed.',
    labels: ['consumer'],
  });
  const buried = metrics.counter({
    name: 'postern_dead_letters_total',
    help: 'Events given up.',
    labels: ['consumer'],
  });
  return {
    published: (app, count) => published.add({ app }, count),
    publishFailed: (app) => publishFailed.add({ app }),
    lag: (app, seconds) => lag.set(seconds, { app }),
    handled: (consumer, seconds) => handled.observe(seconds, { consumer }),
    failed: (consumer) => failed.add({ consumer }),
    buried: (consumer) => buried.add({ consumer }),
  };
}
