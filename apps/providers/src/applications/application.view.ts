import type { EntityManager, PlainRow } from '@postern/database';
import type { providers } from '@postern/proto';
import type { Scope } from '@postern/resource';
import type { Call } from '@postern/rpc';
import { encodeProvider, findBackchannelProviders, findLaunchUrls, findProviders } from '../providers/index.ts';
import type { ApplicationRow } from './application.entity.ts';
import { findAssignments } from './application.repository.ts';
import { formatLaunchUrl, type Viewer } from './launch-url.ts';

/** What a page of applications shows of others. */
type Related = {
  readonly served: ReadonlyMap<number, providers.Provider>;
  readonly background: ReadonlyMap<string, providers.Provider[]>;
  readonly launchUrls: ReadonlyMap<number, string>;
};

/** Applications as the caller, or somebody else, sees them, with their providers: four queries for a page of any size. */
export async function encodeApplications(
  rows: readonly PlainRow<ApplicationRow>[],
  { em, call }: Scope,
  viewer: Viewer | undefined = callerOf(call),
): Promise<providers.Application[]> {
  const related = await relatedTo(em, rows);
  return rows.map((row) => encodeApplication(row, related, viewer));
}

function callerOf({ context: { principal } }: Call): Viewer | undefined {
  return principal.kind === 'user' ? principal.user : undefined;
}

async function relatedTo(em: EntityManager, rows: readonly PlainRow<ApplicationRow>[]): Promise<Related> {
  const keys = rows.flatMap(({ provider }) => provider ?? []);
  const served = await findProviders(em, keys);
  const background = await findBackchannelProviders(
    em,
    rows.map(({ pk }) => pk),
  );
  const assignments = await findAssignments(em, [...served, ...background]);
  const encode = (row: (typeof served)[number]) => encodeProvider(row, assignments.get(row.pk));
  const groups = Map.groupBy(background, ({ backchannelApplication }) => backchannelApplication ?? '');
  return {
    served: new Map(served.map((row) => [row.pk, encode(row)])),
    background: new Map([...groups].map(([application, found]) => [application, found.map(encode)])),
    launchUrls: await findLaunchUrls(em, keys),
  };
}

function encodeApplication(
  row: PlainRow<ApplicationRow>,
  { served, background, launchUrls }: Related,
  viewer: Viewer | undefined,
): providers.Application {
  const provider = row.provider ?? undefined;
  const template = row.metaLaunchUrl || (provider === undefined ? undefined : launchUrls.get(provider));
  const behind = background.get(row.pk) ?? [];
  return {
    pk: row.pk,
    name: row.name,
    slug: row.slug,
    provider,
    provider_obj: provider === undefined ? undefined : served.get(provider),
    backchannel_providers: behind.map(({ pk }) => pk),
    backchannel_providers_obj: behind,
    launch_url: template === undefined ? undefined : formatLaunchUrl(template, viewer),
    open_in_new_tab: row.openInNewTab,
    meta_launch_url: row.metaLaunchUrl,
    meta_icon: row.metaIcon ?? undefined,
    meta_description: row.metaDescription,
    meta_publisher: row.metaPublisher,
    policy_engine_mode: row.policyEngineMode,
    group: row.group,
  };
}
