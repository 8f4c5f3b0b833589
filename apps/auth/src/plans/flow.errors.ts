import { defineErrors } from '@postern/errors';
import type { ResponseErrors } from './challenge.ts';
import type { JsonObject } from './json.ts';
import type { StageEffect } from './outcome.ts';

/** What the engine refuses before it has a challenge to say it with. */
export const planErrors = defineErrors('auth.plans', {
  FLOW_NOT_FOUND: { code: 'NOT_FOUND', message: 'Not found.', doc: 'No flow has this slug.' },
  FLOW_NOT_APPLICABLE: {
    code: 'FAILED_PRECONDITION',
    message: '{message}',
    doc: 'The flow refuses the person on whose behalf it was to be started.',
  },
  SESSION_REQUIRED: {
    code: 'FAILED_PRECONDITION',
    message: 'Nobody is signed in to the session in which the flow ended.',
    doc: 'A flow that a service waits for ended in a session that nobody is signed in to.',
  },
});

/** A stage found out in the middle of its effect that the person may not go on; everything the effect did is undone. */
export class StageDenied extends Error {
  override readonly name = 'StageDenied';
}

/**
 * A stage found out in the middle of its effect that the answer is no good after all: somebody else has just used up what it was proved
 * with. Everything the effect did is undone, and the challenge is asked again with these errors; what follows from the refusal is an
 * effect of its own.
 */
export class StageRefused extends Error {
  override readonly name = 'StageRefused';
  readonly errors: ResponseErrors;
  readonly effect: StageEffect | undefined;
  /** What the stage remembers from then on; unset: what it remembered. */
  readonly memory: JsonObject | undefined;

  constructor(errors: ResponseErrors, effect?: StageEffect, memory?: JsonObject) {
    super('the answer was used up');
    this.errors = errors;
    this.effect = effect;
    this.memory = memory;
  }
}
