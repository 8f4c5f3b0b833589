/** Imports: a file is sent in parts, a job reads it, and every row is what its asker could do by the API. */

export { createImportJob, type ImportJobDeps } from './import.job.ts';
export { createImports, type ImportDeps, KEPT_MS } from './import.operations.ts';
export { bindImports } from './import.rpc.ts';
