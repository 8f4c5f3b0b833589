/** Administrators: who they are, for the question whether any of them can still sign in, and the guard of changes that could lock them all out. */

export { type AdministratorGuardDeps, createAdministratorGuard } from './administrators.guard.ts';
export { bindAdministrators } from './administrators.rpc.ts';
