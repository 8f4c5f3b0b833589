import type { HttpRequest } from './http.connection.ts';
import { expectStatus, type Journey } from './journey.ts';

/** Requests that are sent over and over, or once each. */
export type RequestsOptions = {
  readonly requests: readonly HttpRequest[];
  /** Status of every answer. Default 200. */
  readonly status?: number;
};

/** Each lane sends all requests in turn; it begins with the one of its own number. */
export const requestsJourney: Journey<RequestsOptions> = ({ index, connection }, { requests, status = 200 }) => {
  let at = index;
  return async () => {
    const request = requests[at % requests.length];
    at += 1;
    if (request === undefined) throw new Error('there is nothing to request');
    expectStatus(await connection.send(request), status);
    return 'more';
  };
};

/** The lanes share the requests out: each is sent once, and the load ends with the last. */
export const onceJourney: Journey<RequestsOptions & { readonly lanes: number }> = (
  { index, connection },
  { requests, status = 200, lanes },
) => {
  let at = index;
  return async () => {
    const request = requests[at];
    at += lanes;
    if (request === undefined) return 'done';
    expectStatus(await connection.send(request), status);
    return 'more';
  };
};
