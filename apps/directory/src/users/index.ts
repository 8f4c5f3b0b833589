/**
 * Users: who exists. Names, folders, attributes, kinds and pictures of people and programs; never a credential, which `auth` keeps. Whoever
 * changes a user must be able to do what that user can.
 */

export { createCredentials } from './credentials.client.ts';
export { createCountEvents } from './event-series.client.ts';
export { createCountUserEvents } from './metrics.operations.ts';
export { createSetPassword } from './password.operations.ts';
export { createShowSelf } from './self.operations.ts';
export { createServiceAccounts, type GroupMaker } from './service-account.operations.ts';
export { createKeptAccountRpc } from './service-account.rpc.ts';
export { rememberSignIns } from './sign-in.consumer.ts';
export { findStanding } from './standing.repository.ts';
export { createTemporaryUsersJob } from './temporary-user.job.ts';
export { TEMPORARY_USER_MIGRATIONS } from './temporary-user.migrations.ts';
export { createUidOf, type UidOf } from './uid.ts';
export { encodeMember } from './user.codec.ts';
export { User, type UserEntity, type UserRow } from './user.entity.ts';
export { userErrors } from './user.errors.ts';
export { userCreated, userFacts, userUpdated } from './user.events.ts';
export { USER_MIGRATIONS } from './user.migrations.ts';
export { createUserOperations } from './user.operations.ts';
export { addUser, findMembers, findUsers, getUser, lockUser, type NewUser } from './user.repository.ts';
export { userReferable } from './user.resource.ts';
export { bindUsers } from './user.rpc.ts';
export { createShowUser, createShowUsers, type ShowUser } from './user.view.ts';
export { bindUserDirectory } from './user-directory.rpc.ts';
export { bindUserHistory } from './user-history.rpc.ts';
