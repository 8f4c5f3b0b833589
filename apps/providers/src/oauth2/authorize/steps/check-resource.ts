import { refused } from '../authorization.ts';
import type { Step } from '../step.ts';

/** RFC 8707, section 2: where the access token will be used, among what the client may ask for. Absolute addresses without a fragment. */
export const checkResource: Step = ({ parameters: { resources }, client: { settings } }) => {
  const isServed = (resource: string) =>
    URL.canParse(resource) && !resource.includes('#') && settings.resources.includes(resource);
  if (resources.every(isServed)) return undefined;
  return refused('invalid_target', 'The requested resource is invalid, missing, unknown, or malformed');
};
