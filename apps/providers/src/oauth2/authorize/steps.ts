import type { Step } from './step.ts';
import { checkAccess } from './steps/check-access.ts';
import { checkMaxAge } from './steps/check-max-age.ts';
import { checkNonce } from './steps/check-nonce.ts';
import { checkPkce } from './steps/check-pkce.ts';
import { checkPrompt } from './steps/check-prompt.ts';
import { checkRequestObject } from './steps/check-request-object.ts';
import { checkResponseMode } from './steps/check-response-mode.ts';
import { checkResponseType } from './steps/check-response-type.ts';
import { checkScope } from './steps/check-scope.ts';
import { checkSignInAge } from './steps/check-sign-in-age.ts';
import { requireApplication } from './steps/require-application.ts';
import { requireSignIn } from './steps/require-sign-in.ts';

/** Endpoints that authorizations come in by. */
export type AuthorizationEndpoint = 'authorize';

type Row = readonly [step: Step, ...endpoints: AuthorizationEndpoint[]];

/** What each endpoint checks, in this order, once the client and the address to go back to are proven. */
const STEPS: readonly Row[] = [
  [checkResponseType, 'authorize'],
  [checkResponseMode, 'authorize'],
  [checkRequestObject, 'authorize'],
  [checkScope, 'authorize'],
  [checkNonce, 'authorize'],
  [checkPkce, 'authorize'],
  [checkPrompt, 'authorize'],
  [checkMaxAge, 'authorize'],
  [requireApplication, 'authorize'],
  [requireSignIn, 'authorize'],
  [checkSignInAge, 'authorize'],
  [checkAccess, 'authorize'],
];

/** The steps of an endpoint. */
export function stepsOf(endpoint: AuthorizationEndpoint): readonly Step[] {
  return STEPS.filter(([, ...endpoints]) => endpoints.includes(endpoint)).map(([step]) => step);
}
