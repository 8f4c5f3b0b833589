/** Licences, as clients of the contract ask for them: Postern has none, needs none, and says so. */

export { licenceErrors } from './licence.errors.ts';
export { bindLicences } from './licence.rpc.ts';
