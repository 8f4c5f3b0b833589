import { applyMask, type Database, type EntityManager, getOr404 } from '@postern/database';
import { common } from '@postern/errors';
import type { Outbox } from '@postern/messaging';
import { providers } from '@postern/proto';
import { changeOf, eventContext, modelFact } from '@postern/resource';
import { type BoundService, bind } from '@postern/rpc';
import { kindOf, OAuth2ProviderEntity, PROVIDER_FAMILY } from '../providers/index.ts';
import { draftOf, encodeClientSettings, SETTINGS_FIELDS } from './client-settings.codec.ts';
import { findClientSettings, storeClientSettings } from './client-settings.repository.ts';
import { checkClientSettings } from './client-settings.rules.ts';

export type ClientSettingsDeps = { readonly db: Database; readonly outbox: Outbox };

/** Implements the settings of clients. To the audit log a change of them is a change of the provider. */
export function createClientSettingsRpc({ db, outbox }: ClientSettingsDeps): BoundService {
  const providerOf = (em: EntityManager, pk: number) => getOr404(em, OAuth2ProviderEntity, pk);
  return bind(providers.ClientSettingsServiceDefinition, {
    getClientSettings: ({ provider }, { context }) =>
      db.read(context, async (em) => {
        const { pk } = await providerOf(em, provider);
        return encodeClientSettings(pk, await findClientSettings(em, pk));
      }),

    updateClientSettings({ provider, settings, update_mask }, call) {
      if (!settings) throw common.INVALID_ARGUMENT();
      return db.write(call.context, async (em) => {
        const owner = await providerOf(em, provider);
        const { pk, name, kind } = owner;
        const draft = draftOf(await findClientSettings(em, pk));
        const before = encodeClientSettings(pk, draft);
        const applied = applyMask(draft, settings, update_mask, SETTINGS_FIELDS);
        checkClientSettings(draft, owner);
        await storeClientSettings(em, pk, draft);
        const after = encodeClientSettings(pk, draft);
        const { model, subject } = kindOf(kind);
        const object = { model, pk, name, families: [PROVIDER_FAMILY] };
        const change = changeOf(applied, { ...before }, { ...after });
        await outbox.record(em, eventContext(call), modelFact(subject, 'updated', object, change));
        return after;
      });
    },
  });
}
