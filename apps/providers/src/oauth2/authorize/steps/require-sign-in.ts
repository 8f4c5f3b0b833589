import { type Authorization, type Outcome, refused } from '../authorization.ts';
import type { Step } from '../step.ts';

/** OpenID Connect Core, section 3.1.2.3: somebody is signed in, or signs in now; `prompt=none` may not ask for it. */
export const requireSignIn: Step = (authorization) =>
  authorization.visitor.user === undefined ? signIn(authorization) : undefined;

/** Somebody signs in and comes back here, unless nobody may be asked. */
export function signIn({ parameters }: Pick<Authorization, 'parameters'>): Outcome {
  if (parameters.prompts.includes('none'))
    return refused('login_required', 'The Authorization Server requires End-User authentication');
  return { kind: 'sign_in' };
}
