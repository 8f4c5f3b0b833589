import { type Egress, EgressError, type EgressRequest } from '@postern/egress';
import { sourceSignInErrors } from './source-sign-in.errors.ts';

/** A JSON object. */
export type Document = Readonly<Record<string, unknown>>;

/** Reads a JSON object from the other side: its status and what it says. Throws SOURCE_UNREACHABLE. */
export type ReadDocument = (url: string, request?: EgressRequest) => Promise<{ status: number; document: Document }>;

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 256 * 1024;

/** Creates the reader: everything that a source is asked goes this way. */
export function createDocumentReader({ call }: Pick<Egress, 'call'>): ReadDocument {
  return async (url, request = {}) => {
    const headers = { accept: 'application/json', ...request.headers };
    try {
      const answer = await call(url, { timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES, ...request, headers });
      return { status: answer.status, document: objectOf(JSON.parse(answer.body.toString())) };
    } catch (cause) {
      if (cause instanceof EgressError || cause instanceof SyntaxError)
        throw sourceSignInErrors.SOURCE_UNREACHABLE({}, { cause });
      throw cause;
    }
  };
}

function objectOf(value: unknown): Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** A text member; undefined for anything else. */
export function textIn(document: Document, name: string): string | undefined {
  const value = document[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
