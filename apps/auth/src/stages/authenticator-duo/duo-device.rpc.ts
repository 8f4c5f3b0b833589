import { common } from '@postern/errors';
import { auth } from '@postern/proto';
import { eventContext, type ResourceDeps } from '@postern/resource';
import { type BoundService, bind, type Call } from '@postern/rpc';
import type { RightsGuard } from '../../accounts/index.ts';
import type { DeviceStore } from '../../devices/index.ts';
import { type PlanStore, readSettings } from '../../plans/index.ts';
import type { StageAccount, StageAccounts, StageSeal } from '../stage.ports.ts';
import { together } from '../stage.secrets.ts';
import { findStage } from '../stage-methods.rpc.ts';
import { adminAccountOf, authAccountOf, duoKeyOf } from './duo.account.ts';
import { createDuoClient, type DuoDeps, DuoFailure, type DuoUser } from './duo.client.ts';
import { duoErrors } from './duo.errors.ts';
import { enrollmentIn } from './enrollment.ts';
import { authenticatorDuoModel, authenticatorDuoSettings } from './settings.ts';

/** What looking after devices at Duo takes. */
export type DuoDeviceDeps = DuoDeps & {
  readonly db: ResourceDeps['db'];
  readonly devices: Pick<DeviceStore, 'keep'>;
  readonly accounts: Pick<StageAccounts, 'findByIdentifier' | 'remember'>;
  /** Whoever has the phone of a device can prove to be its owner. */
  readonly rights: RightsGuard;
  readonly plans: Pick<PlanStore, 'find'>;
  readonly seal: Pick<StageSeal, 'open'>;
  /** Key of the browser session of a call. */
  readonly sessionOf: (call: Call) => string | undefined;
};

/** Serves enrolments that run, and devices that people have at Duo already. */
export function createDuoDeviceRpc(deps: DuoDeviceDeps): BoundService {
  return bind(auth.DuoDeviceServiceDefinition, {
    getDuoEnrollmentStatus: async ({ stage_uuid }, call) => {
      if (deps.sessionOf(call) === undefined && call.context.principal.kind === 'anonymous') {
        throw duoErrors.DUO_NOT_ENROLLING();
      }
      const settings = await settingsOf(deps, stage_uuid, call);
      const { userId, code } = await ownEnrollment(deps, stage_uuid, call);
      const client = createDuoClient(deps, authAccountOf(settings));
      const duo_response = await client.enrollStatus(userId, code).catch((error: unknown) => {
        if (error instanceof DuoFailure) throw common.UNAVAILABLE({}, { cause: error });
        throw error;
      });
      return { duo_response };
    },
    importDuoDevice: async ({ stage_uuid, device }, call) => {
      await settingsOf(deps, stage_uuid, call);
      const { duo_user_id: userId = '', username = '' } = device ?? {};
      const account = await personNamed(deps, username, call);
      if (account === undefined) throw duoErrors.DUO_USER_UNKNOWN();
      const count = await keepAll(deps, stage_uuid, [{ userId, account }], call);
      if (count === 0) throw duoErrors.DUO_DEVICE_EXISTS();
      return {};
    },
    importDuoDevices: async ({ stage_uuid }, call) => {
      const admin = adminAccountOf(await settingsOf(deps, stage_uuid, call));
      if (admin === undefined) throw duoErrors.DUO_ADMIN_MISSING();
      try {
        const found = await peopleAmong(deps, await createDuoClient(deps, admin).users(), call);
        return { count: await keepAll(deps, stage_uuid, found, call), error: '' };
      } catch (error) {
        if (!(error instanceof DuoFailure)) throw error;
        call.response.status(400);
        return { count: 0, error: error.message };
      }
    },
  });
}

/** Somebody here, and who they are at Duo. */
type Match = { readonly userId: string; readonly account: StageAccount };

async function settingsOf({ db }: DuoDeviceDeps, pk: string, call: Call) {
  const row = await db.read(call.context, (em) => findStage(em, pk, authenticatorDuoModel.kind));
  return readSettings(authenticatorDuoSettings, together(row));
}

/** The enrolment of the caller's session: nobody asks after that of somebody else. */
async function ownEnrollment({ plans, seal, sessionOf }: DuoDeviceDeps, stage: string, call: Call) {
  const session = sessionOf(call);
  const stored = session === undefined ? undefined : await plans.find(call.context.tenant, session);
  const [step] = stored?.plan.steps ?? [];
  const isHere = step?.stage.kind === 'stored' && step.stage.pk === stage;
  const enrollment = isHere ? enrollmentIn(seal, step.memory) : undefined;
  if (enrollment === undefined) throw duoErrors.DUO_NOT_ENROLLING();
  return enrollment;
}

async function personNamed({ accounts }: DuoDeviceDeps, username: string, { context: { tenant } }: Call) {
  return accounts.findByIdentifier(tenant, { fields: ['username'], value: username, ignoreCase: false });
}

async function peopleAmong(deps: DuoDeviceDeps, users: readonly DuoUser[], call: Call): Promise<Match[]> {
  const found: Match[] = [];
  for (const { userId, username } of users) {
    const account = await personNamed(deps, username, call);
    if (account !== undefined) found.push({ userId, account });
  }
  return found;
}

/** Keeps devices that are new, all of them or none; answers how many. */
async function keepAll(
  { db, devices, accounts, rights }: DuoDeviceDeps,
  stage: string,
  matches: readonly Match[],
  call: Call,
) {
  await rights.require({ users: matches.map(({ account }) => account.pk) }, call);
  return db.write(call.context, async (em) => {
    let count = 0;
    for (const { userId, account } of matches) {
      await accounts.remember(em, account);
      const device = { user: account.pk, class: 'duo', name: 'Imported Duo Authenticator', stage } as const;
      const facts = { naturalKey: duoKeyOf(stage, userId), data: { duo_user_id: userId } };
      if ((await devices.keep(em, { ...device, ...facts }, eventContext(call))) !== undefined) count += 1;
    }
    return count;
  });
}
