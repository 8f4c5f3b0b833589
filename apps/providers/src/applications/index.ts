/**
 * What people open. An application has at most one provider that serves it, and any number that work in its background and go with it.
 * Lists show what the caller may open: policies decide, through `ApplicationAccess`.
 */

export { createApplicationAccess } from './access.client.ts';
export type { AccessAnswer, AccessQuestion, ApplicationAccess } from './access.ts';
export { ApplicationEntity, type ApplicationRow } from './application.entity.ts';
export { applicationPictures } from './application.pictures.ts';
export { findAssignments } from './application.repository.ts';
export { referableApplications } from './application.resource.ts';
export { type ApplicationDeps, createApplicationRpc } from './application.rpc.ts';
export { createApplicationDirectoryRpc } from './application-directory.rpc.ts';
export { createApplicationLaunchRpc } from './application-launch.rpc.ts';
export { createApplicationWithProviderRpc } from './application-with-provider.rpc.ts';
