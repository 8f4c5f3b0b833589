import { isUuid } from '@postern/database';
import { auth } from '@postern/proto';
import { asService, type BoundService, bind, type Call } from '@postern/rpc';
import { readSettings } from '../plans/index.ts';
import { emailSettings, linkMailOf } from '../stages/index.ts';
import type { BrandTitles } from './brand.client.ts';
import type { FlowReader } from './catalog.repository.ts';
import type { FlowClients } from './flow.client.ts';
import type { Recovery } from './recovery.operations.ts';

/** What serving recovery needs. */
export type RecoveryRpcDeps = {
  readonly recovery: Recovery;
  readonly reader: Pick<FlowReader, 'findStage'>;
  readonly brandTitles: BrandTitles;
  readonly mail: Pick<FlowClients['mail'], 'sendMail'>;
};

/** Serves administrators who let somebody in again. */
export function createRecoveryRpc(deps: RecoveryRpcDeps): BoundService {
  const { recovery } = deps;
  return bind(auth.UserRecoveryServiceDefinition, {
    getUserRecovery: async ({ id }, call) => {
      const made = await recovery.link(await recovery.person(id, call), call);
      if (made === undefined) call.response.status(404);
      return { link: made?.link ?? '' };
    },
    sendUserRecoveryEmail: async ({ id, email_stage }, call) => {
      if (!(await mailLink(id, email_stage, call, deps))) call.response.status(404);
      return {};
    },
  });
}

/** Mails a link as an e-mail stage would; false where there is nothing to mail, nobody to mail it to, or no such stage. */
async function mailLink(id: number, stage: string, call: Call, deps: RecoveryRpcDeps): Promise<boolean> {
  const { tenant, client } = call.context;
  const person = await deps.recovery.person(id, call);
  const found = isUuid(stage) && maySee(call) ? await deps.reader.findStage(tenant, stage) : undefined;
  const { email, name, username } = person.user;
  if (found?.kind !== 'email' || email === '') return false;
  const made = await deps.recovery.link(person, call);
  if (made === undefined) return false;
  const { template, subject, from, server } = linkMailOf(readSettings(emailSettings, found.settings));
  const title = await deps.brandTitles.title(tenant, client.host);
  const context = { url: made.link, expires: made.expires.toISOString(), user: { name, username }, title };
  const mail = { template, to: [{ name, address: email }], subject, context, from, server };
  await deps.mail.sendMail(mail, asService(tenant, call));
  return true;
}

const VIEW_STAGE = 'authentik_stages_email.view_emailstage';

function maySee({ context: { principal } }: Call): boolean {
  if (principal.kind === 'service') return true;
  return principal.kind === 'user' && (principal.superuser || principal.permissions.includes(VIEW_STAGE));
}
