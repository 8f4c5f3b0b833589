import { refused } from '../authorization.ts';
import type { Step } from '../step.ts';

/** RFC 9126, section 5, and RFC 9101, section 10.5: a client that pushes or signs its requests has no others. */
export const checkProvenance: Step = ({ client: { settings }, provenance: { isPushed, isSigned } }) => {
  if (settings.requirePushedAuthorizationRequests && !isPushed)
    return refused('invalid_request', 'The client has to push its authorization requests');
  if (!settings.requireSignedRequestObject || isSigned) return undefined;
  return refused('invalid_request', 'The client has to sign its authorization requests');
};
