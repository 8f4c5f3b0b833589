import { defineEntity, type InferEntity, p, tenantTable } from '@postern/database';
import { ProviderEntity } from '../providers/index.ts';

/** Something people open. */
export const ApplicationEntity = defineEntity({
  name: 'Application',
  tableName: 'application',
  properties: {
    // The key is also what policies bind to.
    ...tenantTable(),
    name: p.text(),
    slug: p.text(),
    provider: () => p.oneToOne(ProviderEntity).owner().nullable().deleteRule('set null'),
    openInNewTab: p.boolean().default(false),
    /** May hold `%(username)s` and the like; empty for that of the provider. */
    metaLaunchUrl: p.text().default(''),
    /** Address, path below `/static`, or the path of an uploaded picture below `/media`; null for none. */
    metaIcon: p.text().nullable(),
    metaDescription: p.text().default(''),
    metaPublisher: p.text().default(''),
    policyEngineMode: p.text().$type<'all' | 'any'>().default('any'),
    group: p.text().name('group_name').default(''),
  },
});

export type ApplicationRow = InferEntity<typeof ApplicationEntity>;
