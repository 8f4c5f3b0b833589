import type { Call } from '@postern/rpc';
import type { Sessions } from '../ports.ts';
import type { Gate } from '../tokens/index.ts';
import type { Authorization, Outcome } from './authorization.ts';

/** What steps may ask. */
export type StepTools = {
  readonly gate: Gate;
  readonly sessions: Pick<Sessions, 'find'>;
  readonly now: Date;
  readonly call: Call;
};

/** One rule of the authorization endpoint: undefined lets the request pass on. May throw an error that is shown as a page. */
export type Step = (
  authorization: Authorization,
  tools: StepTools,
) => Outcome | undefined | Promise<Outcome | undefined>;
