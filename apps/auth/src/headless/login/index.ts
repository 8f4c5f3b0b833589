/** Signing in by password, and by codes. */

export { createLoginRpc } from './login.rpc.ts';
