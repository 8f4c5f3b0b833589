import { type Database, type EntityManager, referable, tenantOf } from '@postern/database';
import { common } from '@postern/errors';
import type { Outbox } from '@postern/messaging';
import { auth } from '@postern/proto';
import { changeOf, eventContext, modelFact, type Neighbours } from '@postern/resource';
import { type BoundService, bind, type Call } from '@postern/rpc';
import { type RightsGuard, requireSuperuser } from '../accounts/index.ts';
import { type StoredSettings, settingsOf } from './settings.codec.ts';
import { HeadlessSettingsEntity } from './settings.entity.ts';
import { checkHeadlessSettings } from './settings.rules.ts';

const MODEL = 'authentik_auth.headlesssettings';
const TYPE = 'postern.auth.v1.HeadlessSettings';

/** Settings, as what groups are used by. */
export const HEADLESS_SETTINGS_REFERABLE = referable({
  model: MODEL,
  entity: HeadlessSettingsEntity,
  type: TYPE,
  title: () => 'Headless settings',
});

/** What the services of settings need. */
export type HeadlessSettingsDeps = {
  readonly database: Pick<Database, 'read' | 'write'>;
  readonly outbox: Outbox;
  readonly neighbours: Pick<Neighbours, 'require'>;
  readonly rights: RightsGuard;
  /** What a tenant that has set nothing lives under. */
  readonly defaults: auth.HeadlessSettings;
};

type Settings = auth.HeadlessSettings;

/** Fields that decide where keys of accounts are sent, and which pages act for whoever is signed in: whoever sets them can become anybody. */
const RESERVED: readonly string[] = [
  'frontend_urls',
  'trusted_origins',
  'social_email_authentication',
  'social_email_authentication_auto_connect',
];
/** Fields that decide who joins the group of newcomers. */
const ABOUT_NEWCOMERS: readonly string[] = ['signup_group', 'signup_open', 'social_signup_open', 'signup_domains'];

/** The settings of a tenant for administrators, and what the gateway has to know of them. Decision 264. */
export function createHeadlessSettingsRpc(deps: HeadlessSettingsDeps): BoundService[] {
  const { database, outbox, neighbours, rights, defaults } = deps;

  async function requireRight(changed: readonly string[], before: Settings, after: Settings, call: Call) {
    if (changed.some((field) => RESERVED.includes(field))) requireSuperuser(call);
    if (!changed.some((field) => ABOUT_NEWCOMERS.includes(field))) return;
    const groups = [...new Set([before.signup_group, after.signup_group])].filter((group) => group !== '');
    await rights.require({ groups }, call);
  }

  return [
    bind(auth.HeadlessSettingsServiceDefinition, {
      getHeadlessSettings: (_request, { context }) =>
        database.read(context, async (em) => settingsOf(await read(em), defaults)),

      async updateHeadlessSettings({ settings, update_mask }, call) {
        if (!settings) throw common.INVALID_ARGUMENT();
        const applied = fieldsOf(defaults).filter((field) => update_mask?.includes(field) ?? true);
        await neighbours.require(TYPE, settings, applied, call);
        return database.write(call.context, async (em) => {
          const before = settingsOf(await lock(em), defaults);
          const after: Settings = { ...before };
          for (const field of applied) Reflect.set(after, field, settings[field]);
          checkHeadlessSettings(after);
          const change = changeOf(applied, { ...before }, { ...after });
          await requireRight(change.changed, before, after, call);
          await store(em, after, defaults);
          const object = { model: MODEL, pk: tenantOf(em), name: 'Headless settings' };
          await outbox.record(
            em,
            eventContext(call),
            modelFact('auth.v1.headless_settings', 'updated', object, change),
          );
          return after;
        });
      },
    }),
    bind(auth.HeadlessOriginServiceDefinition, {
      readHeadlessOrigins: (_request, { context }) =>
        database.read(context, async (em) => {
          const { trusted_origins } = settingsOf(await read(em), defaults);
          return { trusted_origins };
        }),
    }),
  ];
}

async function read(em: EntityManager): Promise<StoredSettings | undefined> {
  const [row] = await em.execute<StoredSettings[]>('select settings, signup_group from headless_settings');
  return row;
}

/** The same, and nobody else changes it before this transaction ends. */
async function lock(em: EntityManager): Promise<StoredSettings | undefined> {
  await em.execute('insert into headless_settings (pk) values (gen_random_uuid()) on conflict do nothing');
  const [row] = await em.execute<StoredSettings[]>('select settings, signup_group from headless_settings for update');
  return row;
}

/** Stores what differs from the defaults: a default that changes in a later release changes for whoever never said otherwise. */
async function store(em: EntityManager, { signup_group, ...after }: Settings, defaults: Settings): Promise<void> {
  const own = fieldsOf(defaults).filter((field) => field !== 'signup_group' && isOwn(after, defaults, field));
  const settings = Object.fromEntries(own.map((field) => [field, Reflect.get(after, field)]));
  await em.execute('update headless_settings set settings = ?::jsonb, signup_group = ?, updated = now()', [
    JSON.stringify(settings),
    signup_group === '' ? null : signup_group,
  ]);
}

function isOwn(after: object, defaults: Settings, field: keyof Settings): boolean {
  return JSON.stringify(Reflect.get(after, field)) !== JSON.stringify(defaults[field]);
}

/** The fields of the contract: the defaults have them all. */
function fieldsOf(defaults: Settings): (keyof Settings)[] {
  return Object.keys(defaults) as (keyof Settings)[];
}
