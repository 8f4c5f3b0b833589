import type { events } from '@postern/proto';
import type { Json } from '../events/index.ts';
import { cleanse } from './cleanse.ts';

const EXECUTOR = '/api/v3/flows/executor/';

/** The HTTP request behind an event, as contexts show it. In a flow the arguments are those of the page, which the executor gets wrapped up. */
export function httpRequestOf({ path, method, query, user_agent }: events.Client): Json {
  const wrapped = path.startsWith(EXECUTOR) ? query.query : undefined;
  const args = wrapped === undefined ? query : Object.fromEntries(new URLSearchParams(wrapped));
  return { path, method, args: cleanse(args), user_agent };
}
