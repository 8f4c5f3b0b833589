/** Who is signed in to the browser session that asks. */
export type Requester = {
  readonly pk: number;
  readonly uuid: string;
  readonly username: string;
  readonly superuser: boolean;
  /** Who really acts, while they impersonate the requester. */
  readonly impersonator?: Impersonator;
};

/** Somebody who acts as somebody else. */
export type Impersonator = {
  readonly pk: number;
  readonly uuid: string;
  readonly username: string;
  readonly name: string;
  readonly email: string;
};

/** What is known of the browser and of the way it came. */
export type FlowClient = {
  readonly address: string;
  readonly userAgent: string;
  readonly scheme: string;
  readonly host: string;
  readonly requestId: string;
  /** The HTTP request, for the audit log: method, path, and query string without the question mark. */
  readonly method?: string;
  readonly path?: string;
  readonly query?: string;
  /** Cookies besides the session's, by name, as sent: not verified. */
  readonly cookies?: Readonly<Record<string, string>> | undefined;
};

/** One request to the executor. */
export type FlowRequest = {
  readonly tenant: string;
  readonly slug: string;
  readonly method: 'GET' | 'POST';
  /** Path and query of the request, exactly as received: where a finished stage sends the browser again. */
  readonly url: string;
  /** Query string of the page that shows the flow, without its question mark. */
  readonly query: string;
  /** `next` beside `query`, which only `denied_action` looks at. */
  readonly next?: string;
  /** The body of a POST, as JSON reads it. */
  readonly answer?: unknown;
  /** When the answer has to be there, in milliseconds since 1970; undefined for whenever. */
  readonly deadline?: number;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal;
  /** Key of the browser session; undefined before the first answer. */
  readonly session?: string;
  readonly requester?: Requester;
  readonly client: FlowClient;
};

/** A parameter of the page's query string; the last one counts when it is repeated. */
export function queryParameter(request: Pick<FlowRequest, 'query'>, name: string): string | undefined {
  return new URLSearchParams(request.query).getAll(name).at(-1);
}
