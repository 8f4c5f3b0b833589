import type { Database } from '@postern/database';
import { common } from '@postern/errors';
import type { auth, providers } from '@postern/proto';
import type { Call } from '@postern/rpc';
import type { Clients, OAuth2Client } from '../../clients/index.ts';
import { consentPermissions } from '../authorize/index.ts';
import { oauth2Errors } from '../oauth2.errors.ts';
import type { Clock, Flows, Random } from '../ports.ts';
import type { Gate } from '../tokens/index.ts';
import { CODE_PERMISSION, policyContext, referenceOf } from './approval.ts';
import { findByUserCode, showDevice } from './device.repository.ts';
import type { Device } from './device.ts';
import type { DeviceAttempts, DeviceBrands } from './ports.ts';
import { grouped, type UserCodes } from './user-code.ts';

export type EnterUserCodeDeps = {
  readonly db: Database;
  readonly clients: Clients;
  readonly brands: DeviceBrands;
  readonly attempts: DeviceAttempts;
  readonly flows: Flows;
  readonly gate: Gate;
  readonly userCodes: UserCodes;
  readonly random: Random;
  readonly clock: Clock;
};

/** Answers with the address to send the browser to. Throws NOT_FOUND and APPLICATION_DENIED. */
export type EnterUserCode = (request: providers.EnterUserCodeRequest, call: Call) => Promise<string>;

type Visitor = { readonly session: string; readonly user: number };

/**
 * Creates the page that people open for a code: RFC 8628, section 3.3. A code in the link only leads to the flow in which the person sees which
 * application and what of theirs the device asks for, and the code that the device has to show; nothing is approved before they say so there.
 */
export function createEnterUserCode(deps: EnterUserCodeDeps): EnterUserCode {
  const { brands, flows } = deps;
  return async ({ code }, call) => {
    const { query } = call.context.client;
    const visitor = visitorOf(call);
    const here = `/device${query === '' ? '' : `?${query}`}`;
    if (!visitor) return `/flows/-/default/authentication/?next=${encodeURIComponent(here)}`;
    const slug = await brands.deviceFlow(call);
    if (slug === undefined) throw common.NOT_FOUND();
    const found = code === '' ? undefined : await findDevice(code, visitor, call, deps);
    const started = found && (await askApproval(found, grouped(digitsOf(code)), visitor, call, deps));
    if (started !== undefined) return started;
    return flows.start(call.context.tenant, { slug, session: visitor.session, last_stage: 'device_code' }, call);
  };
}

function visitorOf({ context: { principal } }: Call): Visitor | undefined {
  if (principal.kind !== 'user' || principal.session === undefined) return undefined;
  return { session: principal.session, user: principal.user.pk };
}

function digitsOf(code: string): string {
  return code.replaceAll(/\D/g, '');
}

type Found = { readonly device: Device; readonly client: OAuth2Client };

/** What waits for the code. Whoever tried too often finds nothing. */
async function findDevice(
  code: string,
  { user }: Visitor,
  call: Call,
  { db, clients, attempts, userCodes, clock }: EnterUserCodeDeps,
): Promise<Found | undefined> {
  const hash = userCodes.hash(code);
  if (hash === undefined || !(await attempts.reserve('user_code', user, call))) return undefined;
  return db.read(call.context, async (em) => {
    const device = await findByUserCode(em, hash, clock.now());
    const client = device && (await clients.find(em, device.provider));
    return device && client && { device, client };
  });
}

/** Starts the flow of the client, bound to the session that sees it; undefined when the device waits no more. */
async function askApproval(
  { device, client }: Found,
  code: string,
  { session, user }: Visitor,
  call: Call,
  { db, gate, flows, random, clock }: EnterUserCodeDeps,
): Promise<string | undefined> {
  const { tenant } = call.context;
  const answer = await gate({ tenant, client, user, session, context: policyContext(device) }, call);
  if (answer.kind === 'shut') {
    const [message = 'Permission denied'] = answer.messages;
    throw oauth2Errors.APPLICATION_DENIED({ message });
  }
  const reference = random.uuid();
  const { address, userAgent, host, path } = call.context.client;
  const shown = { session, user, from: { address, user_agent: userAgent, host, path } };
  const isShown = await db.write({ tenant }, (em) => showDevice(em, device.pk, { reference, shown }, clock.now()));
  if (!isShown) return undefined;
  const request = {
    pk: client.authorizationFlow,
    authentication_flow: client.authenticationFlow,
    session,
    context: contextOf(client, device.scopes, code),
    completion: { service: 'providers', reference: referenceOf(reference) },
  };
  return flows.start(tenant, request, call);
}

/** What the stages know: consent is asked in every flow, whatever was consented to before (RFC 8628, section 5.4). */
function contextOf(client: OAuth2Client, scopes: readonly string[], code: string): auth.FlowContext {
  const { application } = client;
  const device = { id: CODE_PERMISSION, name: `Sign in on the device that shows the code ${code}` };
  return {
    application: application && { pk: application.pk, name: application.name, slug: application.slug },
    consent_header: `You're about to sign into ${application?.name ?? client.name}.`,
    consent_permissions: [device, ...consentPermissions(client, scopes)],
    is_sso: true,
    login_hint: '',
    prompts: ['consent'],
    max_age: undefined,
  };
}
