import type { JsonValue, StageChallenge, StageVisit } from '../../plans/index.ts';
import type { StageLinks } from '../stage.ports.ts';
import type { IdentificationSettings } from './settings.ts';

/** Asks who somebody is, with links to the flows for those who have no account or no password. */
export async function identificationChallenge(
  { settings, flow, context, request }: StageVisit<IdentificationSettings>,
  links: Pick<StageLinks, 'flowSlug'>,
): Promise<StageChallenge> {
  const fields: Record<string, JsonValue> = {
    user_fields: settings.user_fields,
    password_fields: settings.password_stage !== undefined,
    primary_action: flow.designation === 'authentication' ? 'Log in' : 'Continue',
    sources: [],
    show_source_labels: settings.show_source_labels,
  };
  if (context.application !== undefined) fields.application_pre = context.application.name;
  const targets = {
    enroll_url: settings.enrollment_flow,
    recovery_url: settings.recovery_flow,
    passwordless_url: settings.passwordless_flow,
  };
  for (const [name, pk] of Object.entries(targets)) {
    const slug = pk === undefined ? undefined : await links.flowSlug(request.tenant, pk);
    if (slug !== undefined) fields[name] = flowUrl(slug, request.query);
  }
  return { component: 'ak-stage-identification', withUser: false, fields };
}

/** The page of another flow, with the query of this one. */
function flowUrl(slug: string, query: string): string {
  const kept = new URLSearchParams(query).toString();
  return `/if/flow/${slug}/${kept === '' ? '' : `?${kept}`}`;
}
