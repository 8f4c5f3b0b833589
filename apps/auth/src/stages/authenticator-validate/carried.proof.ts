import type { Device, UserVerification } from '../../devices/index.ts';
import { sessionMark } from '../session.mark.ts';
import type { Answering } from './judge.ts';
import type { ValidateVisit } from './settings.ts';

/** Milliseconds that a proof is good for: the way from one page to the next. */
const LASTS_MS = 60_000;

const STRENGTH: Readonly<Record<UserVerification, number>> = { discouraged: 0, preferred: 1, required: 2 };

/**
 * The passkey that was proved on the way into this flow, where it is an answer that this stage would take: one of the person's devices that
 * the stage admits, proved in this session a moment ago, with no less demanded of it.
 */
export function carriedProof(
  { context, settings, session }: ValidateVisit,
  answering: Answering,
  now: Date,
): Device | undefined {
  const { passkey_proof: proof } = context;
  if (proof === undefined || answering?.person.kind !== 'account' || answering.person.pk !== proof.user)
    return undefined;
  const age = now.getTime() - proof.at;
  const isGood = age >= 0 && age < LASTS_MS && proof.session === sessionMark(session);
  if (!isGood || STRENGTH[proof.verification] < STRENGTH[settings.webauthn_user_verification]) return undefined;
  return answering.owned.find((device) => device.class === 'webauthn' && device.pk === proof.device);
}
