import { auth } from '@postern/proto';
import { asService, type BoundService, bind, type Call } from '@postern/rpc';
import type { RestParts } from './rest.parts.ts';

/** What clients compare before they go on: the name of the API, in their words, and its version. */
const SERVER = 'InvenTree';
const API_VERSION = 291;
const VERSION = '0.17.0';

/** What only superusers are told, besides how jobs fare. What is not known of this installation is null. */
const PRIVATE = { database: 'PostgreSQL', platform: process.platform, installer: null };
const HIDDEN = { system_health: null, database: null, platform: null, installer: null };

/** Serves what clients ask before anything else. */
export function createRestRootRpc(parts: RestParts): BoundService {
  return bind(auth.RestRootServiceDefinition, {
    async getRestRoot(_request, call) {
      const { tenant, principal, client } = call.context;
      const [title, settings, jobs] = await Promise.all([
        parts.brandTitles.title(tenant, client.host),
        parts.settings.read(tenant),
        jobsOf(parts, call),
      ]);
      const isStaff = principal.kind === 'user' && principal.superuser;
      return {
        server: {
          server: SERVER,
          id: tenant,
          version: VERSION,
          instance: title,
          apiVersion: API_VERSION,
          ...jobs,
          plugins_enabled: false,
          plugins_install_disabled: true,
          email_configured: true,
          debug_mode: false,
          docker_mode: false,
          default_locale: 'en-us',
          customize: { logo: '', splash: '', login_message: '', navbar_message: '' },
          active_plugins: [],
          settings: {
            sso_registration: settings.social_signup_open || settings.signup_open,
            registration_enabled: settings.signup_open,
            password_forgotten_enabled: settings.password_reset_enabled,
          },
          ...(isStaff ? { ...PRIVATE, system_health: jobs.worker_running } : HIDDEN),
          target: null,
          django_admin: null,
        },
      };
    },
  });
}

/** How jobs fare; that nobody knows is no reason not to answer. */
async function jobsOf({ backgroundTasks, workers }: RestParts, call: Call) {
  const origin = asService(call.context.tenant, call);
  const asked = Promise.all([backgroundTasks.getTaskOverview({}, origin), workers.getWorkers({}, origin)]);
  const [overview, { count }] = await asked.catch(
    () => [{ is_running: false, pending_tasks: 0 }, { count: 0 }] as const,
  );
  return {
    worker_running: overview.is_running,
    worker_count: count,
    worker_pending_tasks: overview.pending_tasks,
  };
}
