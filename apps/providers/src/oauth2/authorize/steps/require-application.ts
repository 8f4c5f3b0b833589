import { oauth2Errors } from '../../oauth2.errors.ts';
import type { Step } from '../step.ts';

/** A provider that no application uses serves nobody. */
export const requireApplication: Step = ({ client: { application } }) => {
  if (!application) throw oauth2Errors.APPLICATION_MISSING();
  return undefined;
};
