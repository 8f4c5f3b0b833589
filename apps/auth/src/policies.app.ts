/** Wiring of policies, and of the guard against changes that would lock every administrator out. */

import type { Egress } from '@postern/egress';
import { directory } from '@postern/proto';
import type { Neighbours } from '@postern/resource';
import { asService } from '@postern/rpc';
import { createSetup } from './bootstrap/index.ts';
import type { AuthDeps, Credentials } from './credentials.app.ts';
import type { DeviceStore } from './devices/index.ts';
import { type BrandTitles, createDefaultPolicies } from './flows/index.ts';
import { createGuard, type Guard } from './guard/index.ts';
import { createLeakedPasswords, createPolicies, type Policies } from './policies/index.ts';

/** What policies ask of the rest of this service. */
export type PolicyAppDeps = {
  readonly held: Credentials;
  readonly neighbours: Neighbours;
  readonly egress: Egress;
  readonly devices: Pick<DeviceStore, 'has'>;
  readonly brandTitles: BrandTitles;
  readonly ids: () => string;
};

/** Creates policies, and the guard: it asks them, and they are guarded by it. */
export function createGuardedPolicies(deps: AuthDeps, app: PolicyAppDeps): { policies: Policies; guard: Guard } {
  const { database, messaging, client, clock, config, log, expressions } = deps;
  const { held, neighbours, egress, devices, brandTitles, ids } = app;
  const guard = createGuard({
    database,
    administrators: client(directory.AdministratorServiceDefinition),
    rights: held.rights,
    rehearse: (...asked) => policies.rehearse(...asked),
    ids,
  });
  const { readSettings } = client(directory.TenantSettingsServiceDefinition);
  const settings = (tenant: string) => readSettings({}, asService(tenant));
  const { gate, passwords, geo, userDirectory } = held;
  const [secret = ''] = deps.secrets;
  const policies: Policies = createPolicies({
    db: guard.guarded,
    outbox: messaging.outbox,
    neighbours,
    expressions,
    settings,
    passwords,
    leaked: createLeakedPasswords(config.hibp, egress),
    brandTitle: brandTitles.title,
    geo,
    hasDevice: devices.has,
    clock,
    clients: { userDirectory, groupDirectory: client(directory.GroupDirectoryServiceDefinition) },
    natives: createDefaultPolicies({
      setup: createSetup({ database, secret }),
      selfCare: { person: gate.find, settings },
    }),
    gate,
    report: (error, { tenant }) => log.warn({ error, tenant }, 'a policy could not be evaluated'),
  });
  return { policies, guard };
}
