/**
 * Ends the session of the browser for a client: OpenID Connect RP-Initiated Logout. The page of the platform asks whoever brings no id token; where
 * other clients of the session want to hear of it by the browser, a page of its own shows their frames first.
 */

export { createEndSessionRpc } from './end-session.rpc.ts';
export { createEndSession, type EndSession } from './end-session.ts';
export { subjectOfHint } from './hint.ts';
