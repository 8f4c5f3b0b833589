/** What stages need of others. Each stage takes its own part. */

export type * from './account.ports.ts';
export type * from './fact.ports.ts';
export type * from './flow.ports.ts';
export type * from './link.ports.ts';
