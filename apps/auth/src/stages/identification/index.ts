/**
 * Asks who somebody is, and for their password too where a password stage is set. The answer to a name that nobody has is that to a
 * name that somebody has: with `pretend_user_exists` the plan goes on, with a password stage the password is wrong.
 */

import {
  type AnswerSchema,
  accepted,
  defineStage,
  isJsonObject,
  type JsonObject,
  optional,
  readSettings,
  type StageKind,
  type StageVisit,
  text,
} from '../../plans/index.ts';
import { structure } from '../answer.fields.ts';
import type { StageLinks } from '../stage.ports.ts';
import { identificationChallenge } from './challenge.ts';
import { isOffered, offerPasskey, type PasskeyOffer, type PasskeyOffering } from './passkey.ts';
import { identifyByPasskey, type PasskeyJudging } from './passkey-answer.ts';
import { type Identifying, identify } from './respond.ts';
import { type IdentificationSettings, identificationSettings } from './settings.ts';

export { identificationModel, identificationSettings } from './settings.ts';

/** What the identification stage needs. */
export type IdentificationStageDeps = Omit<Identifying, 'links'> &
  PasskeyJudging & {
    readonly links: Pick<StageLinks, 'flowSlug' | 'stageSettings'>;
  };

/** Creates the identification stage. */
export function createIdentificationStage(deps: IdentificationStageDeps): StageKind {
  return defineStage({
    kind: KIND,
    component: 'ak-stage-identification',
    readSettings: (stored) => readSettings(identificationSettings, stored),
    enter: async (visit) => ({ kind: 'challenge', challenge: await identificationChallenge(visit, deps.links) }),
    answer: (visit) => (answersWithPasskey(visit) ? PASSKEY : NAME),
    respond: async (visit, answer) =>
      answer.webauthn === undefined
        ? identify(visit, { ...answer, uid_field: answer.uid_field ?? '' }, deps)
        : identifyByPasskey(visit, answer.webauthn, deps),
  });
}

/** What is answered: a name, or a passkey where one was offered. */
type Answer = {
  readonly uid_field: string | undefined;
  readonly password: string | undefined;
  readonly webauthn: JsonObject | undefined;
};

const nothing = () => accepted(undefined);
const NAME: AnswerSchema<Answer> = { uid_field: text({ trim: true }), password: optional(text()), webauthn: nothing };
const PASSKEY: AnswerSchema<Answer> = { uid_field: nothing, password: nothing, webauthn: structure() };

/** A name counts, whatever comes with it; and without an offer nothing else does. */
function answersWithPasskey(visit: StageVisit<IdentificationSettings>): boolean {
  const { answer } = visit.request;
  if (!isJsonObject(answer) || !isOffered(visit)) return false;
  const has = (name: string) => Object.hasOwn(answer, name) && answer[name] !== null && answer[name] !== '';
  return has('webauthn') && !has('uid_field');
}

/** Offers passkeys at a visit to a stage; undefined where it is none of this kind, or has nothing to offer. */
export type PasskeyOffers = (visit: StageVisit<JsonObject>) => Promise<PasskeyOffer | undefined>;

/** Creates what offers passkeys. */
export function createPasskeyOffers(deps: PasskeyOffering): PasskeyOffers {
  return async (visit) =>
    visit.stage.kind === KIND
      ? offerPasskey({ ...visit, settings: readSettings(identificationSettings, visit.settings) }, deps)
      : undefined;
}

const KIND = 'identification';
