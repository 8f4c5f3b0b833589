import type { DeviceVerifier, DeviceVisit, UserVerification } from '../../devices/index.ts';
import { type FlowFacts, type JsonObject, readSettings, type StageVisit } from '../../plans/index.ts';
import { authenticatorValidateSettings } from '../authenticator-validate/index.ts';
import { sessionMark } from '../session.mark.ts';
import type { StageFlows } from '../stage.ports.ts';
import type { IdentificationSettings } from './settings.ts';

/** Offering passkeys to whoever is asked for a name. */
export type PasskeyOffering = {
  readonly flows: StageFlows;
  readonly passkeys: Pick<Required<DeviceVerifier>, 'passwordless'>;
  readonly clock: () => Date;
};

type Visit = StageVisit<IdentificationSettings>;

/** Options for the browser, and what the stage remembers from then on. */
export type PasskeyOffer = { readonly options: JsonObject; readonly memory: JsonObject };

/** Milliseconds that an offer is good for: people take their time to fill in a form (WebAuthn Level 3, section 15.1). */
const LASTS_MS = 300_000;

/** The flow that signs in whoever answers, and what it demands of passkeys. */
export type Passwordless = { readonly flow: FlowFacts; readonly verification: UserVerification };

/** Offers passkeys in place of those that were offered before; undefined where there is no flow that goes on with them. */
export async function offerPasskey(
  visit: Visit,
  { flows, passkeys, clock }: PasskeyOffering,
): Promise<PasskeyOffer | undefined> {
  const target = await passwordlessOf(visit, flows);
  const asked = target && (await passkeys.passwordless.challenge(asDeviceVisit(visit, target)));
  if (asked === undefined) return undefined;
  const offered = { ...asked.memory, session: sessionMark(visit.session), until: clock().getTime() + LASTS_MS };
  return {
    options: { ...asked.challenge, timeout: LASTS_MS },
    memory: { ...visit.memory, [MEMORY]: offered },
  };
}

const MEMORY = 'passkey';

/** Whether passkeys were offered in this step of the plan, and nobody has answered yet. */
export function isOffered({ memory }: Pick<Visit, 'memory'>): boolean {
  return memory[MEMORY] !== undefined;
}

/** What was offered to this session, while it is good. */
export function offeredTo({ memory, session }: Visit, now: Date): JsonObject | undefined {
  const offered = memory[MEMORY];
  if (typeof offered !== 'object' || offered === null || Array.isArray(offered)) return undefined;
  const { until, session: mark, ...rest } = { ...offered } as JsonObject;
  return typeof until === 'number' && now.getTime() < until && mark === sessionMark(session) ? rest : undefined;
}

/** What the stage remembers once an offer was answered: it is good for one answer. */
export function withoutOffer({ memory }: Pick<Visit, 'memory'>): JsonObject {
  const { [MEMORY]: _answered, ...rest } = memory;
  return rest;
}

/** A visit as the verifier of passkeys sees it. */
export function asDeviceVisit(visit: Visit, { verification }: Passwordless): DeviceVisit {
  return { ...visit, settings: { webauthn_user_verification: verification } };
}

/**
 * The passwordless flow of a stage, where a passkey is enough to be signed in by it: it signs in, admits passkeys, and asks nobody for a
 * name. Any other one would treat a passkey as proof of somebody who has still to say who they are.
 */
export async function passwordlessOf(
  { settings, flow, request: { tenant } }: Visit,
  flows: StageFlows,
): Promise<Passwordless | undefined> {
  const key = settings.passwordless_flow;
  if (key === undefined || key === flow.pk || flow.designation !== 'authentication') return undefined;
  const found = await flows.findByPk(tenant, key);
  if (found?.designation !== 'authentication') return undefined;
  const stages = (await flows.outlineOf(tenant, key)).bindings.map(({ stage }) => stage);
  if (stages.some(({ kind }) => kind === 'identification')) return undefined;
  const asking = stages
    .filter(({ kind }) => kind === 'authenticator_validate')
    .map((stage) => readSettings(authenticatorValidateSettings, stage.settings))
    .find(({ device_classes }) => device_classes.includes('webauthn'));
  return asking && { flow: found, verification: asking.webauthn_user_verification };
}
