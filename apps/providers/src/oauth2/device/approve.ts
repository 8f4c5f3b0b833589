import type { Database } from '@postern/database';
import { common } from '@postern/errors';
import { actorOf, type EventContext, type Outbox } from '@postern/messaging';
import type { auth } from '@postern/proto';
import type { Call } from '@postern/rpc';
import type { Clients, OAuth2Client } from '../../clients/index.ts';
import { oauth2Errors } from '../oauth2.errors.ts';
import { applicationAuthorized } from '../oauth2.events.ts';
import type { Clock } from '../ports.ts';
import type { Gate } from '../tokens/index.ts';
import { approvalOf, CODE_PERMISSION, policyContext } from './approval.ts';
import { decideDevice, findByReference } from './device.repository.ts';
import type { Approval, Device, Shown } from './device.ts';

export type ApproveDeviceDeps = {
  readonly db: Database;
  readonly outbox: Outbox;
  readonly clients: Clients;
  readonly gate: Gate;
  readonly clock: Clock;
};

/** Goes on after the flow. Throws NOT_FOUND and APPLICATION_DENIED. */
export type ApproveDevice = (request: auth.CompleteRequest, call: Call) => Promise<auth.CompleteResponse>;

type SignedIn = auth.SessionFacts & { user: NonNullable<auth.SessionFacts['user']>; auth_time: string };

/**
 * Creates what gives the device its answer when the flow is done: RFC 8628, section 3.3. Only the session and the person that saw what the device
 * asks for may approve it, only with a consent of this flow, and only while the application lets them.
 */
export function createApproveDevice(deps: ApproveDeviceDeps): ApproveDevice {
  const { db, clients, gate, clock } = deps;
  return async ({ reference, session: facts, consented, declined }, call) => {
    const name = approvalOf(reference) ?? '';
    const found = await db.read(call.context, async (em) => {
      const device = isUuid(name) ? await findByReference(em, name, clock.now()) : undefined;
      const client = device && (await clients.find(em, device.provider));
      return device && client && { device, client };
    });
    if (!found || !isSignedIn(facts) || !isTheirs(found.device, facts)) throw common.NOT_FOUND();
    if (declined) {
      await db.write(call.context, (em) => decideDevice(em, name, undefined, clock.now()));
      return { redirect: '/if/user/' };
    }
    if (!consented.includes(CODE_PERMISSION)) throw oauth2Errors.APPLICATION_DENIED({ message: 'Nobody consented.' });
    const { device, client } = found;
    const question = { tenant: call.context.tenant, client, user: facts.user.pk, context: policyContext(device) };
    const answer = await gate(question, call);
    if (answer.kind === 'shut') return deny(name, answer.messages, call, deps);
    await approve({ name, device, client, facts }, call, deps);
    return { device_finished: {} };
  };
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}

function isSignedIn(facts: auth.SessionFacts | undefined): facts is SignedIn {
  return facts?.user !== undefined && facts.auth_time !== undefined;
}

function isTheirs({ shown }: Device, { session, user }: SignedIn): boolean {
  return shown?.session === session && shown.user === user.pk;
}

async function deny(name: string, messages: readonly string[], call: Call, deps: ApproveDeviceDeps): Promise<never> {
  const { db, clock } = deps;
  await db.write(call.context, (em) => decideDevice(em, name, undefined, clock.now()));
  const [message = 'Permission denied'] = messages;
  throw oauth2Errors.APPLICATION_DENIED({ message });
}

type Approved = { name: string; device: Device; client: OAuth2Client; facts: SignedIn };

async function approve(
  { name, device, client, facts }: Approved,
  call: Call,
  { db, outbox, clock }: ApproveDeviceDeps,
): Promise<void> {
  const { user, auth_time, amr, impersonator, session } = facts;
  // The device is none of the browser's business. Nothing that somebody gives as somebody else outlives their session, though.
  const bound = impersonator ? { session } : {};
  const approval: Approval = { user: user.pk, ...bound, authTime: auth_time, amr };
  const isDecided = await db.write(call.context, async (em) => {
    if (!(await decideDevice(em, name, approval, clock.now()))) return false;
    const fact = applicationAuthorized(client, user, device.scopes);
    await outbox.record(em, contextOf(device.shown, facts, call), fact);
    return true;
  });
  if (!isDecided) throw common.NOT_FOUND();
}

/** The person authorized the application, in the request that they opened the page with; the service that calls only passes it on. */
function contextOf(shown: Shown | undefined, { user, impersonator }: SignedIn, { context }: Call): EventContext {
  const actor = actorOf({ kind: 'user', user, impersonator, via: 'session' });
  const { tenant, requestId } = context;
  const from = shown?.from ?? { address: '', user_agent: '', host: '', path: '' };
  return { tenant, requestId, actor, client: { ...from, method: 'GET', query: {} } };
}
