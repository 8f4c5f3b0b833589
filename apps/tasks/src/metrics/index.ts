/** How many people signed in: counts of the audit log, for the first page of administrators. */

export { createLoginMetrics } from './login-metrics.rpc.ts';
