import type { Call } from '@postern/rpc';
import type { OAuth2Client } from '../../clients/index.ts';
import type { People, Sessions } from '../ports.ts';
import type { Gate } from '../tokens/index.ts';
import type { Authorization, Outcome } from './authorization.ts';

/** What steps may ask. */
export type StepTools = {
  readonly gate: Gate;
  readonly sessions: Pick<Sessions, 'find'>;
  readonly people: Pick<People, 'find'>;
  /** Whom an id token of ours names; undefined for one that we did not issue to this client. */
  readonly subjectOfHint: (hint: string, client: OAuth2Client, call: Call) => Promise<string | undefined>;
  readonly now: Date;
  readonly call: Call;
};

/** One rule of the authorization endpoint: undefined lets the request pass on. May throw an error that is shown as a page. */
export type Step = (
  authorization: Authorization,
  tools: StepTools,
) => Outcome | undefined | Promise<Outcome | undefined>;
