/**
 * The authorization endpoint: what it checks is the table of `steps.ts`, one rule per file; it issues nothing before the flow is done. Requests come by
 * GET, by a form, pushed by their client (RFC 9126) or signed by it (RFC 9101), and are the same from there on.
 */

export { type Authorize, createAuthorize } from './authorize.ts';
export { type AuthorizeByForm, createAuthorizeByForm } from './by-form.ts';
export { type CompleteAuthorization, createComplete } from './complete.ts';
export { createConclusion } from './conclude.ts';
export { consentPermissions } from './consent.ts';
export { createSubjectOfHint } from './hint.ts';
export { createPush, type PushAuthorization } from './push.ts';
export { PushedRequestEntity } from './pushed-request.entity.ts';
export { RequestEntity } from './request.entity.ts';
export { grantedScopes } from './steps/check-scope.ts';
