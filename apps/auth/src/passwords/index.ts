/**
 * Passwords: argon2id hashes in a bounded queue, hashes of Django taken over at sign-in, and the same work for whoever is not there. A
 * user without a row has no usable password.
 */

export { createCredentialRpc } from './credential.rpc.ts';
export { type HashCost, USUAL_COST } from './hash.formats.ts';
export { createHashQueue, type HashQueue } from './hash.queue.ts';
export { passwordErrors } from './password.errors.ts';
export { createPasswordHasher, LONGEST_PASSWORD, type PasswordHasher } from './password.hasher.ts';
export {
  createPasswords,
  INBUILT_BACKEND,
  type PasswordDeps,
  type Passwords,
  TOKEN_BACKEND,
} from './password.operations.ts';
export { PASSWORD_MIGRATIONS, passwordsIn } from './password.repository.ts';
