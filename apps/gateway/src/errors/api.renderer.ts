import type { PosternError } from '@postern/errors';
import { fieldTree } from './field.tree.ts';
import type { Renderer } from './rendered.ts';
import { statusOf } from './status.http.ts';

/** Errors of the admin and flow API: `{"detail": ...}`, or the tree of field errors. Reasons stay inside. */
export const renderApiError: Renderer = (error, context) => {
  const status = statusOf(error);
  const isAboutFields = error.violations.length > 0 && status === 400;
  const body = isAboutFields ? fieldTree(error.violations, context) : detailOf(error, status, context.requestId);
  const headers = { 'content-type': 'application/json', ...retryAfter(error) };
  return { status, headers, body: JSON.stringify(body) };
};

/** A fault of ours tells its id and nothing else. */
function detailOf(error: PosternError, status: number, requestId: string): Record<string, string> {
  return status === 500 ? { detail: error.message, request_id: requestId } : { detail: error.message };
}

/** Seconds to wait, where the error knows them. */
export function retryAfter({ metadata }: PosternError): Record<string, string> {
  return metadata.retry_after ? { 'retry-after': metadata.retry_after } : {};
}
