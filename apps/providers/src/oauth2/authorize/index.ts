/** The authorization endpoint: what it checks is the table of `steps.ts`, one rule per file; it issues nothing before the flow is done. */

export { type Authorize, createAuthorize } from './authorize.ts';
export { type CompleteAuthorization, createComplete } from './complete.ts';
export { RequestEntity } from './request.entity.ts';
export { grantedScopes } from './steps/check-scope.ts';
