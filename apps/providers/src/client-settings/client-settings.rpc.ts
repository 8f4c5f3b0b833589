import {
  applyMask,
  asNumber,
  type Database,
  defineList,
  type EntityManager,
  exact,
  getOr404,
  listEntities,
} from '@postern/database';
import { common, invalidField } from '@postern/errors';
import type { Outbox } from '@postern/messaging';
import { providers } from '@postern/proto';
import { changeOf, eventContext, modelFact, visibleTo } from '@postern/resource';
import { type BoundService, bind, type Call } from '@postern/rpc';
import { kindOf, OAuth2ProviderEntity, type OAuth2ProviderRow, PROVIDER_FAMILY } from '../providers/index.ts';
import { draftOf, encodeClientSettings, SETTINGS_FIELDS } from './client-settings.codec.ts';
import { ClientSettingsEntity } from './client-settings.entity.ts';
import {
  findClientSettings,
  hasClientSettings,
  removeClientSettings,
  settingsOf,
  storeClientSettings,
} from './client-settings.repository.ts';
import { checkClientSettings } from './client-settings.rules.ts';

export type ClientSettingsDeps = { readonly db: Database; readonly outbox: Outbox };

const settingsList = defineList({
  entity: ClientSettingsEntity,
  filters: { provider: exact('provider', asNumber) },
  ordering: { provider: 'provider' },
  defaultOrder: ['provider'],
});

/** Implements the settings of clients. To the audit log a change of them is a change of the provider. */
export function createClientSettingsRpc({ db, outbox }: ClientSettingsDeps): BoundService {
  const providerOf = (em: EntityManager, pk: number) => getOr404(em, OAuth2ProviderEntity, pk);

  /** Stores what a caller wants of these fields, and tells of it. */
  async function change(
    em: EntityManager,
    owner: OAuth2ProviderRow,
    { settings, mask }: { settings: providers.ClientSettings; mask?: readonly string[] | undefined },
    call: Call,
  ): Promise<providers.ClientSettings> {
    const { pk } = owner;
    const draft = draftOf(await findClientSettings(em, pk));
    const before = encodeClientSettings(pk, draft);
    const applied = applyMask(draft, settings, mask, SETTINGS_FIELDS);
    checkClientSettings(draft, owner);
    await storeClientSettings(em, pk, draft);
    const after = encodeClientSettings(pk, draft);
    await tell(em, owner, { applied, before, after }, call);
    return after;
  }

  type Told = { applied: string[]; before: providers.ClientSettings; after: providers.ClientSettings };

  async function tell(
    em: EntityManager,
    { pk, name, kind }: OAuth2ProviderRow,
    { applied, before, after }: Told,
    call: Call,
  ) {
    const { model, subject } = kindOf(kind);
    const object = { model, pk, name, families: [PROVIDER_FAMILY] };
    const what = changeOf(applied, { ...before }, { ...after });
    await outbox.record(em, eventContext(call), modelFact(subject, 'updated', object, what));
  }

  return bind(providers.ClientSettingsServiceDefinition, {
    listClientSettings: ({ provider, ...request }, call) =>
      db.read(call.context, async (em) => {
        const wanted = provider === 0 ? request : { ...request, provider };
        const { pagination, results } = await listEntities(em, settingsList, wanted, {
          where: visibleTo(call, em, ClientSettingsEntity),
        });
        return { pagination, results: results.map((row) => encodeClientSettings(row.provider, settingsOf(row))) };
      }),

    createClientSettings({ settings }, call) {
      if (!settings) throw common.INVALID_ARGUMENT();
      return db.write(call.context, async (em) => {
        const { provider } = settings;
        const owner = await em.findOne(OAuth2ProviderEntity, provider);
        if (!owner)
          throw invalidField('provider', `Invalid pk "${provider}" - object does not exist.`, 'REFERENCE_NOT_FOUND');
        if (await hasClientSettings(em, provider))
          throw invalidField('provider', 'The settings of this client are set already.', 'SETTINGS_TAKEN');
        return change(em, owner, { settings }, call);
      });
    },

    getClientSettings: ({ provider }, { context }) =>
      db.read(context, async (em) => {
        const { pk } = await providerOf(em, provider);
        return encodeClientSettings(pk, await findClientSettings(em, pk));
      }),

    updateClientSettings({ provider, settings, update_mask }, call) {
      if (!settings) throw common.INVALID_ARGUMENT();
      return db.write(call.context, async (em) =>
        change(em, await providerOf(em, provider), { settings, mask: update_mask }, call),
      );
    },

    deleteClientSettings: ({ provider }, call) =>
      db.write(call.context, async (em) => {
        const owner = await providerOf(em, provider);
        const before = encodeClientSettings(owner.pk, await findClientSettings(em, owner.pk));
        const after = encodeClientSettings(owner.pk, draftOf());
        await removeClientSettings(em, owner.pk);
        await tell(em, owner, { applied: Object.keys(SETTINGS_FIELDS), before, after }, call);
        return {};
      }),
  });
}
