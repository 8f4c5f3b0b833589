import type { Context } from '@postern/rpc';
import {
  type ApplyBlueprint,
  BlueprintError,
  type BlueprintLog,
  type Limits,
  parseBlueprint,
} from '../blueprints/index.ts';

/** What importing flows needs. */
export type FlowImporterDeps = {
  readonly applyBlueprint: ApplyBlueprint;
  readonly limits: Limits;
};

/** A line about an import, as the contract shows captured lines of a log. */
export type ImportLog = { readonly event: string; readonly log_level: string } & Pick<
  BlueprintLog,
  'field' | 'line'
> & {
    readonly entry?: number;
  };

/** How an import went. */
export type Imported = { readonly success: boolean; readonly logs: readonly ImportLog[] };

/** Creates the importer of flows: all of a file or nothing. What is wrong with the file is in the answer. */
export function createFlowImporter({ applyBlueprint, limits }: FlowImporterDeps) {
  return async (file: Uint8Array, asker: Context): Promise<Imported> => {
    try {
      const blueprint = parseBlueprint(textOf(file), limits);
      const { status, logs } = await applyBlueprint(asker.tenant, blueprint, {}, { asker });
      return { success: status === 'successful', logs: logs.map(importLog) };
    } catch (error) {
      if (!(error instanceof BlueprintError)) throw error;
      const { message, entry, field, line } = error;
      return { success: false, logs: [importLog({ level: 'error', message, entry, field, line })] };
    }
  };
}

/** Imports flows. */
export type ImportFlow = ReturnType<typeof createFlowImporter>;

function textOf(file: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(file);
  } catch {
    throw new BlueprintError('The file is no text in UTF-8.');
  }
}

function importLog({ level, message, entry, field, line }: BlueprintLog): ImportLog {
  const isAboutEntry = level === 'error' && entry !== undefined;
  return {
    event: isAboutEntry ? `entry invalid: ${message}` : message,
    log_level: level,
    ...(entry !== undefined && { entry }),
    ...(field !== undefined && { field }),
    ...(line !== undefined && { line }),
  };
}
