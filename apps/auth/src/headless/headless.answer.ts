import type { JsonObject, JsonValue } from '../plans/index.ts';
import type { Problem } from './headless.problems.ts';

/** What an operation answers. */
export type Answer =
  /** Who is signed in (200), or how to go on (401): told after the state was stored. */
  | { readonly kind: 'authentication' }
  /** Somebody is signed in, and has to show once more who they are (401). */
  | { readonly kind: 'reauthentication' }
  /** What is known only when the effects are done, such as the key of what was made. */
  | { readonly kind: 'later'; readonly answer: () => Answer }
  | {
      readonly kind: 'plain';
      readonly status: number;
      readonly data?: JsonValue;
      readonly meta?: JsonObject;
      readonly errors?: readonly Problem[];
    };

/** 200 when somebody is signed in then, else 401 with the flows that are open. */
export const AUTHENTICATION: Answer = { kind: 'authentication' };
/** 401 with the ways to show once more who one is. */
export const REAUTHENTICATION: Answer = { kind: 'reauthentication' };

/** 200 with data. */
export function ok(data?: JsonValue, meta?: JsonObject): Answer {
  return {
    kind: 'plain',
    status: 200,
    ...(data === undefined ? {} : { data }),
    ...(meta === undefined ? {} : { meta }),
  };
}

/** An answer that is made when everything is stored. */
export function later(answer: () => Answer): Answer {
  return { kind: 'later', answer };
}

/** 400 with what is wrong, in the order of the fields. */
export function bad(...errors: readonly Problem[]): Answer {
  return { kind: 'plain', status: 400, errors };
}

/** An answer that says no more than its status: 403, 404, 409, 429. */
export function bare(status: number): Answer {
  return { kind: 'plain', status };
}

/** What is asked for does not go with what the session waits for. */
export const CONFLICT = bare(409);
/** It may not be. */
export const FORBIDDEN = bare(403);
/** There is no such thing, or it is switched off. */
export const NOT_FOUND = bare(404);
/** Too often. */
export const TOO_MANY = bare(429);
