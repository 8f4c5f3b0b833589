import { DEVICE_CODE_GRANT } from '../../client-settings/index.ts';
import type { Device } from './device.ts';

/** Permission that stands for the code on the consent page: a flow that brings it back asked for consent to this very device. */
export const CODE_PERMISSION = 'device_code';

const PREFIX = 'device.';

/** What a flow calls the approval that it is for. */
export function referenceOf(uuid: string): string {
  return `${PREFIX}${uuid}`;
}

/** The approval that a flow was for; undefined for a flow of something else. */
export function approvalOf(reference: string): string | undefined {
  return reference.startsWith(PREFIX) ? reference.slice(PREFIX.length) : undefined;
}

/** What policies may look at. */
export function policyContext({ scopes }: Pick<Device, 'scopes'>) {
  return { oauth_scopes: scopes, oauth_grant_type: DEVICE_CODE_GRANT };
}
