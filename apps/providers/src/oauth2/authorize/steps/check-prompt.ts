import { refused } from '../authorization.ts';
import type { Step } from '../step.ts';

/** OpenID Connect Core, section 3.1.2.1: `none` goes with no other prompt. */
export const checkPrompt: Step = ({ parameters: { prompts } }) => {
  if (!prompts.includes('none') || prompts.length === 1) return undefined;
  const description = 'The prompt none forbids every other prompt';
  if (prompts.includes('consent')) return refused('consent_required', description);
  return refused(prompts.includes('login') ? 'login_required' : 'account_selection_required', description);
};
