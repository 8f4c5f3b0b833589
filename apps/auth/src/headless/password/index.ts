/** Passwords: choosing one that was forgotten, another one, and showing once more who one is by it. */

export { createHeadlessPasswordRpc } from './password.rpc.ts';
export { isResetWaiting } from './reset.memory.ts';
