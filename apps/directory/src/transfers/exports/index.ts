/** Exports: a job writes all objects of a kind into parts, which an import reads. */

export { createExportJob, type ExportJobDeps } from './export.job.ts';
export { bindExports } from './export.rpc.ts';
