/**
 * What the protocol issued, for people: everybody sees and takes back their own, administrators everyone's. Codes and tokens themselves are
 * nowhere to be seen; what was told with a token is kept beside it (decision 206).
 */

export { recordMigrations } from './record.migrations.ts';
export { createRecordRpc } from './record.rpc.ts';
export { createRecordView, type RecordViewDeps } from './record.view.ts';
