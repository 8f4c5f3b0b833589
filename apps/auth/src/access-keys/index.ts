/**
 * Access keys: tokens for programs of people who use the REST API. Each is a token for the API (`tokens` keeps its key, hashed and sealed) with a
 * name, a last day, the day of its last use, and whether it was revoked: a revoked one opens nothing and stays in its owner's list. Decision 260.
 */

export { ACCESS_KEY_MIGRATIONS } from './access-key.migrations.ts';
export { type AccessKeys, createAccessKeys, type KeyOwner } from './access-key.operations.ts';
export { type AccessKey, type AccessKeyQuery, KEY_ORDER } from './access-key.repository.ts';
export { dayOf } from './key.text.ts';
