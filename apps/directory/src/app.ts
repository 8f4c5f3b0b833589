import { createReferences, referable } from '@postern/database';
import { auth, operations, referenceFields, references, tasks } from '@postern/proto';
import { bindReferences, createNeighbours, forgetDeleted, guardWrites } from '@postern/resource';
import { defineApp } from '@postern/service';
import { v7 } from 'uuid';
import { bindAdministrators, createAdministratorGuard } from './administrators/index.ts';
import { BEYOND_CONTRACT, createBeyondContract } from './beyond-contract.app.ts';
import { BOOTSTRAP_MIGRATIONS, createBootstrap } from './bootstrap/index.ts';
import * as brands from './brands/index.ts';
import { directorySettings } from './config.ts';
import { bindConfiguration, createTasksCapabilities } from './configuration/index.ts';
import * as groups from './groups/index.ts';
import { bindLicences, licenceErrors } from './licences/index.ts';
import { membershipErrors } from './memberships/index.ts';
import { createPeopleServices, createRowServices } from './people.app.ts';
import * as permissions from './permissions/index.ts';
import * as roles from './roles/index.ts';
import { bindSettings, createSettings, SETTINGS_MIGRATIONS, settingsErrors } from './settings/index.ts';
import * as tenants from './tenants/index.ts';
import * as users from './users/index.ts';

/** Who exists: users, groups, roles, brands, tenants. */
export const directory = defineApp({
  name: 'directory',
  settings: directorySettings,
  errors: [
    brands.brandErrors,
    groups.groupErrors,
    membershipErrors,
    licenceErrors,
    permissions.permissionErrors,
    roles.roleErrors,
    settingsErrors,
    tenants.tenantErrors,
    users.userErrors,
    ...BEYOND_CONTRACT.errors,
  ],
  database: {
    entities: [
      users.User,
      roles.Role,
      groups.Group,
      groups.Membership,
      groups.GroupRole,
      brands.Brand,
      permissions.ObjectPermission,
      tenants.Tenant,
      tenants.Domain,
      ...BEYOND_CONTRACT.entities,
    ],
    migrations: [
      ...tenants.TENANT_MIGRATIONS,
      ...SETTINGS_MIGRATIONS,
      ...brands.BRAND_MIGRATIONS,
      ...roles.ROLE_MIGRATIONS,
      ...users.USER_MIGRATIONS,
      ...groups.GROUP_MIGRATIONS,
      ...BOOTSTRAP_MIGRATIONS,
      ...permissions.PERMISSION_MIGRATIONS,
      ...users.TEMPORARY_USER_MIGRATIONS,
      ...BEYOND_CONTRACT.migrations,
    ],
  },
  async build({ database: db, messaging: { outbox }, client, contract, clock, config, log, sealer }) {
    const neighbours = createNeighbours({
      clientOf: (app) => client(references.ReferenceServiceDefinition, app),
      contract,
    });
    const local = createReferences({
      models: [
        users.userReferable,
        groups.groupReferable,
        referable(roles.roleResource),
        referable(brands.brandResource),
        ...BEYOND_CONTRACT.referables,
      ],
      fields: referenceFields(contract.registry),
    });
    const ids = { next: () => v7() };
    const registry = tenants.createTenants({ db, outbox, ids });
    const installId = await registry.installId();
    const uidOf = users.createUidOf(installId);
    const settings = createSettings();
    const hosts = brands.createBrands({ db });
    const flowSlugs = brands.createFlowSlugs(client(auth.FlowInstanceServiceDefinition));

    const signIn = client(auth.SignInGuardServiceDefinition);
    const guarding = createAdministratorGuard({ signIn });
    const guarded = guardWrites(db, guarding);
    const plain = { db: guarded, outbox, neighbours };
    const showUsers = users.createShowUsers({ settings, uidOf });
    const showGroups = groups.createShowGroups({ uidOf });
    const shown = { settings, brands: hosts, uidOf, showUsers, showGroups };
    const people = createPeopleServices({ ...plain, client, clock, ...shown });
    const rows = createRowServices({ neighbours, client, clock, ...shown });
    const base = { outbox, neighbours, client, clock, ids, sealer, log, contract, local };
    const beyond = createBeyondContract({ ...base, db, guarded, guarding, rows });

    return {
      local,
      services: [
        ...bindConfiguration({
          db,
          settings,
          brands: hosts,
          operations: operations(contract.registry),
          tasksCapabilities: createTasksCapabilities({ client: client(tasks.SystemServiceDefinition), clock, log }),
        }),
        ...bindSettings({ db, outbox }),
        tenants.bindTenants(registry, hosts),
        ...tenants.bindForOperators({ db, outbox, tenants: registry, key: config.tenants.apiKey?.reveal() }),
        brands.bindBrands({ ...plain, settings, flowSlugs }),
        permissions.bindPermissions({ db }),
        permissions.bindPermissionHolders({ ...plain, uidOf }),
        permissions.bindPermissionDirectory({ db }),
        bindLicences({ db, installId, clock }),
        ...people(guarded, db),
        ...beyond.services,
        groups.bindGroupDirectory({ db, show: showGroups }),
        users.bindUserDirectory({ db, show: showUsers, uidOf }),
        users.bindUserHistory({ db }),
        users.createKeptAccountRpc({ db, outbox, clock }),
        bindAdministrators({ db }),
        bindReferences({ db, local }),
      ],
      consumers: [
        forgetDeleted('directory', local),
        users.rememberSignIns(),
        permissions.forgetPermissions(),
        tenants.noteReady(),
        ...beyond.consumers,
      ],
      jobs: [users.createTemporaryUsersJob({ db, outbox, clock }), ...beyond.jobs],
      seed: createBootstrap({ outbox, email: config.bootstrapEmail }),
    };
  },
});
