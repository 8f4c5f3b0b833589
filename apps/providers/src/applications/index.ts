/** What people open. */

export { ApplicationEntity, type ApplicationRow } from './application.entity.ts';
