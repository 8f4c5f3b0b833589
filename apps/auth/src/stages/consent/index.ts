/**
 * Asks whether an application may have what it asks for. What was granted before, exactly, is not asked again while it lasts. The answer
 * must carry the token of the page that was shown last: any other one shows the page again. `declined` beside it is a no (decision 241).
 */

import { defineStage, flag, optional, readSettings, type StageKind, text } from '../../plans/index.ts';
import type { StageFacts } from '../stage.ports.ts';
import { askConsent } from './challenge.ts';
import { askedIn, type Consents, coversExactly, isShownToken, partiesOf, storeConsent } from './respond.ts';
import { consentSettings } from './settings.ts';

export type { ConsentGrant, ConsentParties, Consents } from './respond.ts';
export { consentModel, consentSettings } from './settings.ts';

/** What the consent stage needs. */
export type ConsentStageDeps = {
  readonly consents: Consents;
  readonly facts: StageFacts;
  readonly clock: () => Date;
  /** Makes the token of a page: unguessable. */
  readonly ids: () => string;
};

/** Creates the consent stage. */
export function createConsentStage(deps: ConsentStageDeps): StageKind {
  const { consents, ids } = deps;
  return defineStage({
    kind: 'consent',
    component: 'ak-stage-consent',
    readSettings: (stored) => readSettings(consentSettings, stored),
    enter: async (visit) => {
      const parties = partiesOf(visit);
      const granted = parties && (await consents.find(visit.request.tenant, parties));
      const asked = askedIn(visit.context);
      if (granted !== undefined && coversExactly(granted, asked))
        return { kind: 'passed', context: { consented: asked } };
      return askConsent(visit.context, granted, ids());
    },
    answer: () => ({ token: text(), declined: optional(flag()) }),
    respond: async (visit, answer) => {
      const parties = partiesOf(visit);
      if (isShownToken(answer.token, visit.memory.token)) {
        if (answer.declined === true) return { kind: 'declined' };
        return {
          kind: 'passed',
          context: { consented: askedIn(visit.context) },
          effect: parties && storeConsent(visit, parties, deps),
        };
      }
      const granted = parties && (await consents.find(visit.request.tenant, parties));
      return askConsent(visit.context, granted, ids());
    },
  });
}
