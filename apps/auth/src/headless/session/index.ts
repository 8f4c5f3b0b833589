/** Who is signed in, and the list of their sessions. */

export { createSessionRpc } from './session.rpc.ts';
