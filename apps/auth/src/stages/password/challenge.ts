import type { JsonObject, StageChallenge, StageVisit } from '../../plans/index.ts';
import type { StageLinks } from '../stage.ports.ts';
import type { PasswordSettings } from './settings.ts';

/** Asks for the password; with a link to the recovery flow, where there is one. */
export async function passwordChallenge(
  { request: { tenant, client } }: StageVisit<PasswordSettings>,
  links: Pick<StageLinks, 'firstFlowSlug'>,
): Promise<StageChallenge> {
  const recovery = await links.firstFlowSlug(tenant, 'recovery');
  const fields: JsonObject =
    recovery === undefined ? {} : { recovery_url: `${client.scheme}://${client.host}/if/flow/${recovery}/` };
  return { component: 'ak-stage-password', withUser: true, fields };
}
