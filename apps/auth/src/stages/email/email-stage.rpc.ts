import { invalidField } from '@postern/errors';
import { auth, type tasks } from '@postern/proto';
import { asService, type BoundService, bind, type Call, type Client } from '@postern/rpc';
import { type StageMethodDeps, stageMethods } from '../stage-methods.rpc.ts';
import { type EmailSettings, emailModel, emailSettings } from './settings.ts';

/** The templates that mails can be made of, asked of whoever writes them. */
export type MailTemplates = Pick<Client<tasks.MailServiceDefinition>, 'listMailTemplates'>;

const HIGHEST_PORT = 65_535;
const LONGEST_TIMEOUT = 60;
/** Minutes of a year. */
const LONGEST_LINK = 525_600;

/** Serves e-mail stages. */
export function createEmailStageRpc(deps: StageMethodDeps & { readonly mailTemplates: MailTemplates }): BoundService {
  const methods = stageMethods(deps, {
    model: emailModel,
    type: 'postern.auth.v1.EmailStage',
    settings: emailSettings,
    message: (head, settings): auth.EmailStage => ({ ...head, ...settings, password: '' }),
    check: (settings) => checkNumbers(settings),
  });
  const templates = async (call: Call) =>
    (await deps.mailTemplates.listMailTemplates({}, asService(call.context.tenant, call))).templates;
  const requireTemplate = async (template: string, call: Call) => {
    if ((await templates(call)).some(({ name }) => name === template)) return;
    throw invalidField('template', `Invalid template '${template}' specified.`, 'MAIL_TEMPLATE_UNKNOWN');
  };
  return bind(auth.EmailStageServiceDefinition, {
    listEmailStages: methods.list,
    createEmailStage: async ({ email_stage }, call) => {
      if (email_stage !== undefined) await requireTemplate(email_stage.template, call);
      return methods.create(email_stage, call);
    },
    getEmailStage: ({ stage_uuid }, call) => methods.get(stage_uuid, call),
    updateEmailStage: async ({ stage_uuid, email_stage, update_mask }, call) => {
      const changes = update_mask?.includes('template') ?? true;
      if (email_stage !== undefined && changes) await requireTemplate(email_stage.template, call);
      return methods.update(stage_uuid, email_stage, update_mask, call);
    },
    deleteEmailStage: ({ stage_uuid }, call) => methods.remove(stage_uuid, call),
    listEmailStageUsedBy: ({ stage_uuid }, call) => methods.usedBy(stage_uuid, call),
    listEmailTemplates: async (_request, call) => {
      // They are of the installation, and the same for whoever may see any stage.
      call.reach();
      return {
        items: (await templates(call)).map(({ name, label }) => ({
          name,
          description: label,
          component: '',
          model_name: '',
        })),
      };
    },
  });
}

/** The first number that no mail could be sent with. */
function checkNumbers({ port, timeout, token_expiry }: EmailSettings) {
  const ranges = [
    ['port', port, HIGHEST_PORT],
    ['timeout', timeout, LONGEST_TIMEOUT],
    ['token_expiry', token_expiry, LONGEST_LINK],
  ] as const;
  for (const [name, value, most] of ranges) {
    if (value < 1) return invalidField(name, 'Ensure this value is greater than or equal to 1.', 'NUMBER_TOO_SMALL');
    if (value > most)
      return invalidField(name, `Ensure this value is less than or equal to ${most}.`, 'NUMBER_TOO_LARGE');
  }
  return undefined;
}
