import type { Step } from './step.ts';
import { checkAccess } from './steps/check-access.ts';
import { checkClaims } from './steps/check-claims.ts';
import { checkFormat } from './steps/check-format.ts';
import { checkMaxAge } from './steps/check-max-age.ts';
import { checkNonce } from './steps/check-nonce.ts';
import { checkPkce } from './steps/check-pkce.ts';
import { checkPrompt } from './steps/check-prompt.ts';
import { checkProvenance } from './steps/check-provenance.ts';
import { checkResource } from './steps/check-resource.ts';
import { checkResponseMode } from './steps/check-response-mode.ts';
import { checkResponseType } from './steps/check-response-type.ts';
import { checkScope } from './steps/check-scope.ts';
import { checkSignInAge } from './steps/check-sign-in-age.ts';
import { checkSubject } from './steps/check-subject.ts';
import { requireApplication } from './steps/require-application.ts';
import { requireSignIn } from './steps/require-sign-in.ts';

/** Endpoints that authorizations come in by: that of browsers, and that of clients who push them (RFC 9126). */
export type AuthorizationEndpoint = 'authorize' | 'par';

type Row = readonly [step: Step, ...endpoints: AuthorizationEndpoint[]];

/** What each endpoint checks, in this order, once the client and the address to go back to are proven. */
const STEPS: readonly Row[] = [
  [checkFormat, 'authorize', 'par'],
  [checkResponseType, 'authorize', 'par'],
  [checkResponseMode, 'authorize', 'par'],
  [checkProvenance, 'authorize'],
  [checkScope, 'authorize', 'par'],
  [checkNonce, 'authorize', 'par'],
  [checkPkce, 'authorize', 'par'],
  [checkResource, 'authorize', 'par'],
  [checkPrompt, 'authorize', 'par'],
  [checkMaxAge, 'authorize', 'par'],
  [checkClaims, 'authorize', 'par'],
  [requireApplication, 'authorize'],
  [requireSignIn, 'authorize'],
  [checkSignInAge, 'authorize'],
  [checkAccess, 'authorize'],
  [checkSubject, 'authorize'],
];

/** The steps of an endpoint. */
export function stepsOf(endpoint: AuthorizationEndpoint): readonly Step[] {
  return STEPS.filter(([, ...endpoints]) => endpoints.includes(endpoint)).map(([step]) => step);
}
