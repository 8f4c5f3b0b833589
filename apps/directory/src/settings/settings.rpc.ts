import { applyMask, type Database } from '@postern/database';
import { common } from '@postern/errors';
import type { Outbox } from '@postern/messaging';
import { directory } from '@postern/proto';
import { changeOf, eventContext, modelFact } from '@postern/resource';
import { type BoundService, bind, type Call } from '@postern/rpc';
import { lockSettings, readSettings, type SettingsRow, storeSettings, tenantName } from './settings.repository.ts';
import { requireAvatars, requireFooterLinks } from './settings.rules.ts';

/** What the services of settings need. */
export type SettingsDeps = { readonly db: Database; readonly outbox: Outbox };

type Draft = { -readonly [Field in keyof SettingsRow]: SettingsRow[Field] };

const FIELDS = {
  avatars: (draft: Draft, value: string) => {
    draft.avatars = requireAvatars(value);
  },
  default_user_change_name: 'default_user_change_name',
  default_user_change_email: 'default_user_change_email',
  default_user_change_username: 'default_user_change_username',
  gdpr_compliance: 'gdpr_compliance',
  impersonation: 'impersonation',
  footer_links: (draft: Draft, value: unknown) => {
    draft.footer_links = requireFooterLinks(value);
  },
} as const;

/** The settings of a tenant: for administrators, and for the other services. */
export function bindSettings({ db, outbox }: SettingsDeps): BoundService[] {
  const read = (_request: unknown, { context }: Call) => db.read(context, async (em) => encode(await readSettings(em)));
  return [
    bind(directory.SettingsServiceDefinition, {
      getSettings: read,

      async updateSettings({ settings, update_mask }, call) {
        if (!settings) throw common.INVALID_ARGUMENT();
        const { tenant } = call.context;
        return db.write(call.context, async (em) => {
          const before = await lockSettings(em);
          const draft: Draft = { ...before };
          const change = changeOf(applyMask(draft, settings, update_mask, FIELDS), before, draft);
          await storeSettings(em, draft);
          const object = { model: 'authentik_tenants.tenant', pk: tenant, name: await tenantName(em, tenant) };
          await outbox.record(em, eventContext(call), modelFact('directory.v1.settings', 'updated', object, change));
          return encode(draft);
        });
      },
    }),
    bind(directory.TenantSettingsServiceDefinition, { readSettings: read }),
  ];
}

function encode(row: SettingsRow): directory.Settings {
  return { ...row };
}
