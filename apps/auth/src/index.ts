/** The login service: flows, credentials, sessions, API tokens. */

import { defineApp } from '@postern/service';
import { ACCESS_KEY_MIGRATIONS } from './access-keys/index.ts';
import { ACCOUNT_MIGRATIONS, Account, accountErrors, impersonationErrors } from './accounts/index.ts';
import { buildAuth } from './app.ts';
import { APP_TOKEN_MIGRATIONS } from './app-tokens/index.ts';
import { CLEAN_UP_MIGRATIONS } from './clean-up/index.ts';
import { authSettings } from './config.ts';
import { Consent } from './consents/index.ts';
import { DEVICE_MIGRATIONS, DeviceEntity } from './devices/index.ts';
import { FLOW_MAIL_MIGRATIONS } from './flow-mails/index.ts';
import { FLOW_TOKEN_MIGRATIONS } from './flow-tokens/index.ts';
import { FLOW_ENTITIES, FLOW_ERRORS, FLOW_MIGRATIONS } from './flows/index.ts';
import { HEADLESS_MIGRATIONS, HeadlessSettingsEntity } from './headless/index.ts';
import { INVITATION_MIGRATIONS, Invitation } from './invitations/index.ts';
import { LOCKOUT_MIGRATIONS } from './lockout/index.ts';
import { MAILBOX_MIGRATIONS } from './mailboxes/index.ts';
import { PASSWORD_MIGRATIONS, passwordErrors } from './passwords/index.ts';
import { PHONE_MIGRATIONS } from './phones/index.ts';
import { POLICY_ENTITIES, POLICY_ERRORS, POLICY_MIGRATIONS } from './policies/index.ts';
import { restAuthErrors } from './rest-auth/index.ts';
import { SESSION_MIGRATIONS, Session } from './sessions/index.ts';
import { TOKEN_MIGRATIONS, Token, tokenErrors } from './tokens/index.ts';

export { setupPath } from './bootstrap/index.ts';

/** Declares the login service. */
export const auth = defineApp({
  name: 'auth',
  settings: authSettings,
  errors: [
    ...FLOW_ERRORS,
    ...POLICY_ERRORS,
    passwordErrors,
    tokenErrors,
    accountErrors,
    impersonationErrors,
    restAuthErrors,
  ],
  database: {
    entities: [
      ...FLOW_ENTITIES,
      ...POLICY_ENTITIES,
      Account,
      Invitation,
      Token,
      Session,
      Consent,
      DeviceEntity,
      HeadlessSettingsEntity,
    ],
    migrations: [
      ...FLOW_MIGRATIONS,
      ...ACCOUNT_MIGRATIONS,
      ...PASSWORD_MIGRATIONS,
      ...TOKEN_MIGRATIONS,
      ...ACCESS_KEY_MIGRATIONS,
      ...SESSION_MIGRATIONS,
      ...POLICY_MIGRATIONS,
      ...CLEAN_UP_MIGRATIONS,
      ...LOCKOUT_MIGRATIONS,
      ...FLOW_TOKEN_MIGRATIONS,
      ...FLOW_MAIL_MIGRATIONS,
      ...INVITATION_MIGRATIONS,
      ...DEVICE_MIGRATIONS,
      ...HEADLESS_MIGRATIONS,
      ...APP_TOKEN_MIGRATIONS,
      ...MAILBOX_MIGRATIONS,
      ...PHONE_MIGRATIONS,
    ],
  },
  build: buildAuth,
});
