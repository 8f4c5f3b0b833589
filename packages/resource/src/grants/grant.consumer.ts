import type { EntityManager } from '@postern/database';
import { type ConsumerOptions, defineEvent, on, onSubject } from '@postern/messaging';
import { findPermission } from '@postern/models';
import { directory } from '@postern/proto';
import { asService, type BoundService, type Client, type Contract, type ServiceName } from '@postern/rpc';
import { readDeletion } from '../references/deletion.ts';
import { keepersOf } from '../references/owner.ts';
import { forgetGone, lockHolding, storeHolding } from './grant.repository.ts';

const TYPE = 'postern.directory.v1.PermissionsChanged';
const OF_USER = defineEvent('directory.v1.user.permissions_changed', directory.PermissionsChanged, TYPE);
const OF_ROLE = defineEvent('directory.v1.role.permissions_changed', directory.PermissionsChanged, TYPE);

/** What remembering needs. */
export type GrantConsumerDeps = {
  readonly app: ServiceName;
  readonly holdings: Client<directory.PermissionDirectoryServiceDefinition>;
  /** Models of other apps whose permissions the RPCs of this one ask for, too. Default: none. */
  readonly asked?: ReadonlySet<string>;
};

/** The models whose permissions the RPCs of some services ask for: actions on users are not all served by their keeper. */
export function modelsAsked(services: readonly BoundService[], contract: Contract): ReadonlySet<string> {
  const rules = services.flatMap(({ definition }) =>
    Object.values(definition.methods).map(({ name }) => contract.find(definition.fullName, name)?.access),
  );
  const models = rules.map((rule) =>
    rule?.kind === 'permission' ? findPermission(rule.permission)?.model : undefined,
  );
  return new Set(models.filter((model) => model !== undefined));
}

/**
 * Remembers what users and roles hold on objects of this app, and on those whose permissions it asks for. A fact only says where to look: what is stored is what the directory says at the
 * time, so that facts may come in any order.
 */
export function rememberGrants({ app, holdings, asked }: GrantConsumerDeps): ConsumerOptions<EntityManager> {
  async function follow(change: directory.PermissionsChanged, tenant: string, em: EntityManager): Promise<void> {
    const { holder_model, holder } = change;
    const [first] = [...change.given, ...change.taken];
    // All of one fact are about the same object; what is held on everything travels in principals.
    if (!first || first.model === '') return;
    if (!isKeeper(app, first.model) && asked?.has(first.model) !== true) return;
    const holding = { holder_model, holder, model: first.model, object_pk: first.object_pk };
    await lockHolding(em, holding);
    const { permissions } = await holdings.listHeld(holding, asService(tenant));
    await storeHolding(em, holding, permissions);
  }

  return {
    durable: `${app}_grants`,
    handlers: [
      on(OF_USER, ({ payload, tenant }, em: EntityManager) => follow(payload, tenant, em)),
      on(OF_ROLE, ({ payload, tenant }, em: EntityManager) => follow(payload, tenant, em)),
      onSubject('*.v1.*.deleted', async (envelope, em: EntityManager) => {
        const gone = readDeletion(envelope);
        if (gone) await forgetGone(em, gone.models, gone.key);
      }),
    ],
  };
}

function isKeeper(app: ServiceName, model: string): boolean {
  return keepersOf(model).some((keeper) => keeper === app);
}
