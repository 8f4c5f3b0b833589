/** Rows of files: what an export says of objects, and how an import does what they say, by the operations of the API. */

export { type Asker, type AskerDeps, findAsker } from './asker.ts';
export { createLocalApi, type LocalApi } from './local-api.client.ts';
export { createLookups, type Lookups, ownNames } from './lookups.ts';
export { recordsAfter } from './record.repository.ts';
export { createRowApplier, type RowOutcome } from './row.applier.ts';
export { createRowBundles, type RowBundle, type RowBundles } from './row.bundles.ts';
