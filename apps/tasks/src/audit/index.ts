/**
 * The audit trail: reads the facts that services publish, and keeps those that somebody may ask about later.
 * A fact becomes at most one event, under its own key, so that a fact that arrives twice is told once.
 * What each kind of fact says stands in `*.facts.ts`; secrets are masked here, whatever a service sent.
 */

export { type AuditDeps, createAudit } from './audit.consumer.ts';
export { rememberBrands } from './brand.consumer.ts';
export { AUDIT_MIGRATIONS } from './brand.migrations.ts';
