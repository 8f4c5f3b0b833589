import type { Database, EntityManager, PlainRow } from '@postern/database';
import { common } from '@postern/errors';
import { type auth, providers } from '@postern/proto';
import { asService, type BoundService, bind, type Call, type Client, type ReceivedHead } from '@postern/rpc';
import { ApplicationEntity, type ApplicationRow } from './application.entity.ts';
import { encodeApplications } from './application.view.ts';

/** What opening applications needs. */
export type ApplicationLaunchDeps = {
  readonly db: Pick<Database, 'read'>;
  readonly flows: Pick<Client<auth.FlowServiceDefinition>, 'startFlow'>;
};

/** Serves the addresses under which applications are opened. */
export function createApplicationLaunchRpc({ db, flows }: ApplicationLaunchDeps): BoundService {
  return bind(providers.ApplicationLaunchServiceDefinition, {
    launchApplication: async ({ slug }, call) => {
      const [application] = await db.read(call.context, async (em) =>
        encodeApplications(await rowsOf(em, slug), { em, call }),
      );
      const address = application?.launch_url;
      // `blank://` says that an application is not shown.
      if (application === undefined || !/^(?:https?|ftps?):/i.test(address ?? '')) throw common.NOT_FOUND();
      const { principal } = call.context;
      call.response.redirect(principal.kind === 'user' ? (address ?? '/') : await signIn(application, call, flows));
      return {};
    },
  });
}

function rowsOf(em: EntityManager, slug: string): Promise<PlainRow<ApplicationRow>[]> {
  return em.createQueryBuilder(ApplicationEntity).where({ slug }).execute<PlainRow<ApplicationRow>[]>('all');
}

/** The sign-in, which knows where somebody is on the way to, and comes back. */
async function signIn(
  { pk, name, slug, provider_obj }: providers.Application,
  call: Call,
  flows: ApplicationLaunchDeps['flows'],
): Promise<string> {
  const { tenant, principal } = call.context;
  const session = principal.kind === 'anonymous' ? (principal.session ?? '') : '';
  const own = provider_obj?.authentication_flow;
  const request = {
    ...(own === undefined ? { designation: 'authentication' } : { pk: own }),
    session,
    context: { application: { pk, name, slug }, consent_header: `You're about to sign into ${name}.` },
    next: `/application/launch/${slug}/`,
  };
  const onHead = (head: ReceivedHead) => call.response.adopt(head);
  return (await flows.startFlow(request, asService(tenant, call), { onHead })).redirect;
}
