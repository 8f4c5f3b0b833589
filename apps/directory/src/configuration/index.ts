/** What the pages need to know about the installation before anyone signs in. */

export { bindConfiguration } from './configuration.rpc.ts';
