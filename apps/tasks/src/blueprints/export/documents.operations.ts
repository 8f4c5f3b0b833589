import type { Context } from '@postern/rpc';
import type { ApplyBlueprint, BlueprintLog, Change } from '../apply/index.ts';
import {
  type Blueprint,
  BlueprintError,
  type JsonObject,
  type Limits,
  type PictureFile,
  parseBlueprint,
  pictureContext,
  type Tagged,
} from '../format/index.ts';
import type { Completion } from './completion.ts';
import type { Document } from './documents.ts';
import { type Secrets, UnsealError, unseal } from './seal.ts';

/** What applying documents needs. */
export type DocumentsDeps = {
  readonly applyBlueprint: ApplyBlueprint;
  readonly complete: Completion;
  readonly limits: Limits;
};

/** What to do with documents. */
export type DocumentsWork = {
  readonly documents: readonly Document[];
  readonly context: JsonObject;
  readonly secrets: string;
  readonly passphrase: string;
  /** Pictures that the documents ask for. */
  readonly pictures: readonly PictureFile[];
  /** Fields that are not named get their defaults. */
  readonly complete: boolean;
  readonly dryRun: boolean;
  /** Ends the work between two entries. */
  readonly signal?: AbortSignal | undefined;
};

/** A line about documents. */
export type DocumentLog = BlueprintLog & { readonly file: string };

/** What documents changed, or would change. */
export type DocumentsOutcome = {
  readonly status: 'successful' | 'error';
  readonly logs: readonly DocumentLog[];
  readonly changes: readonly Change[];
};

type Part = { readonly file: string; readonly blueprint: Blueprint };

/** What a plan reads at once, in documents of the usual limit. */
const MOST_DOCUMENTS = 16;

/** Creates the way to apply several documents as one: all of them or none. */
export function createDocuments({ applyBlueprint, complete, limits }: DocumentsDeps) {
  return async (asker: Context, work: DocumentsWork): Promise<DocumentsOutcome> => {
    const parts: Part[] = [];
    const wrong: DocumentLog[] = [];
    for (const { name, text } of work.documents) {
      try {
        parts.push({ file: name, blueprint: parseBlueprint(text, limits) });
      } catch (error) {
        wrong.push(logOf(error, name));
      }
    }
    if (wrong.length > 0) return { status: 'error', logs: wrong, changes: [] };
    try {
      requireSize(work, limits);
      const whole = joined(parts);
      const blueprint = work.complete ? complete(whole) : whole;
      const context = { ...(await secretsIn(work)), ...pictureContext(work.pictures), ...work.context };
      const { dryRun, signal } = work;
      const outcome = await applyBlueprint(asker.tenant, blueprint, context, { dryRun, signal, asker });
      return { ...outcome, logs: outcome.logs.map((log) => placed(log, parts)) };
    } catch (error) {
      return { status: 'error', logs: [logOf(error, '')], changes: [] };
    }
  };
}

/** Applies documents. */
export type ApplyDocuments = ReturnType<typeof createDocuments>;

/** A plan of many may be long; what is applied has to fit where it is noted until it is done. */
function requireSize({ documents, dryRun }: DocumentsWork, { bytes }: Limits): void {
  const most = dryRun ? bytes * MOST_DOCUMENTS : bytes;
  const size = documents.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  if (size <= most) return;
  throw new BlueprintError(`Together these files have more than ${most} bytes: apply one after the other.`);
}

async function secretsIn({ secrets, passphrase }: DocumentsWork): Promise<Secrets> {
  return secrets === '' ? {} : unseal(secrets, passphrase);
}

function joined(parts: readonly Part[]): Blueprint {
  const fields = new Map<string, Tagged>();
  for (const { file, blueprint } of parts) {
    if (blueprint.context.kind !== 'map') continue;
    for (const [name, value] of blueprint.context.fields) {
      const before = fields.get(name);
      // A picture is named by what it is: exports of one installation give the same one.
      if (before?.kind === 'scalar' && value.kind === 'scalar' && before.value === value.value) continue;
      if (before) {
        const message = `${file} gives the context ${name}, which a file before it gives too: apply one after the other.`;
        throw new BlueprintError(message, { line: value.line });
      }
      fields.set(name, value);
    }
  }
  const entries = parts.flatMap(({ blueprint }) => blueprint.entries).map((entry, index) => ({ ...entry, index }));
  return { version: 1, context: { kind: 'map', fields, line: 0 }, entries };
}

/** Where a line about the whole belongs. */
function placed({ entry, ...log }: BlueprintLog, parts: readonly Part[]): DocumentLog {
  let before = 0;
  for (const { file, blueprint } of parts) {
    const { length } = blueprint.entries;
    if (entry !== undefined && entry < before + length) return { ...log, entry: entry - before, file };
    before += length;
  }
  return { ...log, entry, file: parts.length === 1 ? (parts[0]?.file ?? '') : '' };
}

function logOf(error: unknown, file: string): DocumentLog {
  if (error instanceof UnsealError) return { level: 'error', message: error.message, file };
  if (!(error instanceof BlueprintError)) throw error;
  const { message, entry, field, line } = error;
  return { level: 'error', message, entry, field, line, file };
}
