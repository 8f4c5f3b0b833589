import { type Egress, EgressError } from '@postern/egress';
import { DeliveryFailure } from './delivery.failure.ts';

const LONGEST_ANSWER = 64 * 1024;
const TIMEOUT_MS = 10_000;

/** What a webhook answered. */
export type WebhookAnswer = { readonly status: number; readonly text: string };

/** Calls a webhook. Throws DeliveryFailure when it cannot be reached, redirects, or answers with a status from 400. */
export async function callWebhook(
  egress: Pick<Egress, 'call'>,
  url: string,
  body: unknown,
  { id, signal }: { id: string; signal?: AbortSignal | undefined },
): Promise<WebhookAnswer> {
  const headers = { 'content-type': 'application/json', 'user-agent': 'Postern', 'idempotency-key': id };
  const bounds = { timeoutMs: TIMEOUT_MS, maxBytes: LONGEST_ANSWER, cutsBody: true, ...(signal && { signal }) };
  const request = { method: 'POST', headers, body: JSON.stringify(body), ...bounds } as const;
  const answer = await egress.call(url, request).catch((cause: unknown) => {
    if (!(cause instanceof EgressError)) throw cause;
    const isPermanent = cause.reason === 'bad_address' || cause.reason === 'internal_address';
    throw new DeliveryFailure(`The webhook was not called: ${cause.message}`, { isPermanent, cause });
  });
  const text = answer.body.toString('utf8');
  if (answer.status >= 400) throw new DeliveryFailure(`The webhook answered with status ${answer.status}.`);
  return { status: answer.status, text };
}
