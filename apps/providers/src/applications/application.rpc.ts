import { listPage } from '@postern/database';
import { common, invalidField } from '@postern/errors';
import { type auth, providers, type tasks } from '@postern/proto';
import { pictureAddress, standardMethods } from '@postern/resource';
import { asService, type BoundService, bind, type Call, type Client } from '@postern/rpc';
import { findBackchannelProviders, kindOf } from '../providers/index.ts';
import type { ApplicationAccess } from './access.ts';
import { type ApplicationOperationDeps, createApplicationOperations } from './application.operations.ts';
import { applicationBySlug } from './application.repository.ts';
import { applications } from './application.resource.ts';
import { type ApplicationIconDeps, createApplicationIconOperations } from './application-icon.operations.ts';

export type ApplicationDeps = ApplicationOperationDeps &
  ApplicationIconDeps & {
    access: ApplicationAccess;
    series: Client<typeof tasks.EventSeriesServiceDefinition>;
  };

/** Implements the service of applications. */
export function createApplicationRpc(deps: ApplicationDeps): BoundService {
  const { db, neighbours, access, series } = deps;
  const methods = standardMethods(deps, applications);
  const operations = createApplicationOperations(deps);
  const icons = createApplicationIconOperations(deps);

  async function checkAccess({ slug, for_user }: providers.CheckApplicationAccessRequest, call: Call) {
    const application = await db.read(call.context, (em) => applicationBySlug(em, slug));
    const { principal } = call.context;
    if (principal.kind !== 'user') throw common.PERMISSION_DENIED();
    const user = principal.superuser ? (for_user ?? principal.user.pk) : principal.user.pk;
    if (user !== principal.user.pk && (await neighbours.describe('authentik_core.user', [user], call)).size === 0)
      throw common.NOT_FOUND();
    const question = { tenant: principal.tenant, application, user, context: {}, isTrial: true };
    const { passing, messages, trace = [] } = await access.check(question, call);
    // Why is for those who could change it.
    if (!principal.superuser) return { passing, messages: [], log_messages: [] };
    return { passing, messages: [...messages], log_messages: trace.map(lineOf) };
  }

  return bind(providers.ApplicationServiceDefinition, {
    async listApplications(request, call) {
      const isAll = request.superuser_full_list === true && isSuperuser(call);
      const hidden = isAll ? [] : await access.hidden(call);
      const scope = hidden.length > 0 ? { where: { pk: { $nin: [...hidden] } } } : {};
      return db.read(call.context, async (em) => {
        const { pagination, results } = await listPage(em, applications.list, request, scope);
        return { pagination, results: await applications.encode(results, { em, call }) };
      });
    },
    createApplication: async ({ application }, call) => methods.get(await operations.create(application, call), call),
    getApplication: ({ slug }, call) => methods.get(slug, call),
    updateApplication: async ({ slug, application, update_mask }, call) =>
      methods.get(await operations.update(slug, application, update_mask, call), call),
    async deleteApplication({ slug }, call) {
      await operations.remove(slug, call);
      return {};
    },
    async listApplicationUsedBy({ slug }, call) {
      const { items } = await methods.usedBy(slug, call);
      return { items: [...items, ...(await backchannelUses(slug, call))] };
    },
    checkApplicationAccess: checkAccess,
    async listApplicationMetrics({ slug }, call) {
      requireEvents(call);
      const { pk } = await db.read(call.context, (em) => applicationBySlug(em, slug));
      const query = { action: 'authorize_application', context__authorized_application__pk: pk.replaceAll('-', '') };
      return series.getEventSeries({ query: JSON.stringify(query) }, asService(call.context.tenant, call));
    },
    async setApplicationIcon({ slug, file, clear }, call) {
      if (clear) await icons.set(slug, null, call);
      else if (file.length > 0) await icons.upload(slug, file, call);
      else throw invalidField('file', 'No file was submitted.');
      return {};
    },
    async setApplicationIconUrl({ slug, url }, call) {
      await icons.set(slug, pictureAddress(url), call);
      return {};
    },
  });

  /** Background providers go with their application. */
  async function backchannelUses(slug: string, call: Call) {
    const found = await db.read(call.context, async (em) =>
      findBackchannelProviders(em, [(await applicationBySlug(em, slug)).pk]),
    );
    return found
      .map(({ pk, name, kind }) => {
        const [app = '', model_name = ''] = kindOf(kind).model.split('.');
        return { app, model_name, pk: String(pk), name, action: 'CASCADE' as const };
      })
      .filter(({ app, model_name }) => holds(call, `${app}.view_${model_name}`));
  }
}

/** What a binding said, as a line of a log. */
function lineOf({ kind, subject, name, outcome, passing, negated, messages }: auth.PolicyTrace) {
  const what = { event: `${kind} ${outcome}`, log_level: 'info', logger: 'postern.policies' };
  return { ...what, name, subject, passing, negated, messages };
}

function isSuperuser({ context: { principal } }: Call): boolean {
  return principal.kind === 'user' && principal.superuser;
}

function holds(call: Call, permission: string): boolean {
  const { principal } = call.context;
  return isSuperuser(call) || (principal.kind === 'user' && principal.permissions.includes(permission));
}

function requireEvents(call: Call): void {
  if (!holds(call, 'authentik_events.view_event')) throw common.PERMISSION_DENIED();
}
