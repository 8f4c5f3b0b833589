import type { Database } from '@postern/database';
import { subjectOfHint } from '../end-session/index.ts';
import type { Clock } from '../ports.ts';
import type { PublishedKeys } from '../signing/index.ts';
import type { StepTools } from './step.ts';

export type HintDeps = { readonly db: Database; readonly publishedKeys: PublishedKeys; readonly clock: Clock };

/** Creates the reader of `id_token_hint`: an id token that we issued to this client, by a key that is published or was lately, of any age. */
export function createSubjectOfHint({ db, publishedKeys, clock }: HintDeps): StepTools['subjectOfHint'] {
  return async (hint, client, call) => {
    const keys = await db.read(call.context, (em) => publishedKeys.list(em, client, clock.now()));
    return subjectOfHint(hint, client, keys);
  };
}
