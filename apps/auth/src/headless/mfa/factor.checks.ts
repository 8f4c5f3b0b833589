import type { Device, DeviceVerdict, DeviceVerifier, FactorVisit } from '../../devices/index.ts';
import {
  createFactorVerifiers,
  createWebauthnVerifier,
  type FactorJudgement,
  judgeFactors,
} from '../../factors/index.ts';
import { type JsonObject, StageRefused } from '../../plans/index.ts';
import type { Attempt } from '../../stages/index.ts';
import { type Answer, bad } from '../headless.answer.ts';
import type { HeadlessParts } from '../headless.parts.ts';
import { problem } from '../headless.problems.ts';
import { Refused, type Visit } from '../headless.visit.ts';
import { loginFailure } from '../login.failures.ts';

/** A device that proved somebody, or what is answered because none did. */
export type Checked = { readonly device: Device } | { readonly answer: Answer };

/** Checks second factors: what proves one is used up by an effect of the visit, and a wrong one counts. */
export type FactorChecks = {
  /** A code of an authenticator app, or a recovery code, of somebody. */
  code(visit: Visit, user: number, code: string): Promise<Checked>;
  /** What a passkey of somebody answered to a challenge. */
  passkey(visit: Visit, user: number, credential: JsonObject, challenge: string): Promise<Checked>;
  /** What a passkey answered that says itself whose it is. It takes the place of a password and a second factor, so it has to verify its user. */
  passwordless(visit: Visit, credential: JsonObject, challenge: string): Promise<Checked>;
  /** Options of `navigator.credentials.get`, and the challenge in them; for nobody in particular without a user. */
  ask(visit: Visit, user?: number): Promise<{ readonly options: JsonObject; readonly challenge: string }>;
};

/** What checking needs. */
export type FactorCheckDeps = Pick<HeadlessParts, 'limits' | 'attempts' | 'devices' | 'accounts' | 'outbox' | 'clock'>;

type Asking = {
  /** The field that the answer came in. */
  readonly param: 'code' | 'credential';
  /** Whose it has to be; undefined for nobody in particular. */
  readonly user?: number;
  /** What failures count for. */
  readonly key: string;
  readonly attempt?: Attempt;
  readonly asked: readonly { readonly class: Device['class']; readonly verdict: () => Promise<DeviceVerdict> }[];
  /** Devices that may be taking no answers now, after wrong ones. Default: none. */
  readonly tried?: readonly Device[];
};

/** Wrong codes in a row that make no device wait: the limits of this API count them already (decision 288). */
const FREE_FAILURES = 4;

/** Creates the checks. */
export function createFactorChecks(deps: FactorCheckDeps): FactorChecks {
  const { limits, attempts, devices, accounts, clock } = deps;
  const verifiers = createFactorVerifiers({ devices, clock: () => clock.now() });
  const webauthn = createWebauthnVerifier({ devices });

  async function check(visit: Visit, { param, user, key, attempt, asked, tried = [] }: Asking): Promise<Checked> {
    if (!(await limits.use(visit, 'login_failed', key)))
      return { answer: bad(problem('too_many_login_attempts', param)) };
    const { tenant } = visit;
    const counted = attempt && {
      reserve: () => attempts.reserve(tenant, attempt),
      succeeded: (tx: Parameters<typeof attempts.succeeded>[0]) => attempts.succeeded(tx, tenant, attempt),
    };
    const isWaiting = await devices.isWaiting(
      tenant,
      tried.map(({ pk }) => pk),
    );
    const judgement = await judgeFactors(asked, counted, devices, FREE_FAILURES);
    // Whether it was right or wrong: while a device waits, neither is told, and neither is called wrong.
    const wrong = bad(
      problem(isWaiting || !wasLookedAt(judgement, asked) ? 'too_many_login_attempts' : 'incorrect_code', param),
    );
    const username = user === undefined ? '' : ((await accounts.findByPk(tenant, user))?.username ?? '');
    const failure = loginFailure(deps, visit, { username, device: classOf(param, judgement) });
    if (judgement.ok === 'waiting') return { answer: wrong };
    if (!judgement.ok) {
      visit.effects.push(async (tx) => void (await judgement.effect(tx)), failure);
      return { answer: wrong };
    }
    visit.effects.push(async (tx) => {
      try {
        await judgement.effect(tx);
      } catch (error) {
        // Used before, or the device takes no answers now: it was a wrong one, and stays counted.
        throw error instanceof StageRefused ? new Refused(wrong, failure) : error;
      }
      await devices.forgive(
        tx,
        tried.map(({ pk }) => pk),
      );
      await limits.forgive(tx, visit, 'login_failed', key);
    });
    return { device: judgement.device };
  }

  const ofClass = (owned: readonly Device[], { class: cls }: DeviceVerifier<FactorVisit>) =>
    owned.filter((device) => device.class === cls);
  return {
    async code(visit, user, code) {
      const owned = await devices.ofUser(visit.tenant, user);
      const byCode = verifiers.filter((one) => one.answerField === 'code' && ofClass(owned, one).length > 0);
      const tried = byCode.flatMap((one) => ofClass(owned, one));
      const asked = byCode.map((one) => {
        const verdict = () => one.verify(factorVisit(visit), code, ofClass(owned, one), {});
        return { class: one.class, verdict };
      });
      const attempt: Attempt = { kind: 'code', user, client: visit.client };
      return check(visit, { param: 'code', user, key: keyOfUser(user), attempt, asked, tried });
    },
    async passkey(visit, user, credential, challenge) {
      const owned = ofClass(await devices.ofUser(visit.tenant, user), webauthn);
      const verdict = () => webauthn.verify(factorVisit(visit), credential, owned, { challenge });
      const asked = [{ class: 'webauthn', verdict }] as const;
      return check(visit, { param: 'credential', user, key: keyOfUser(user), asked });
    },
    async passwordless(visit, credential, challenge) {
      const verdict = () => webauthn.passwordless.verify(factorVisit(visit, 'required'), credential, { challenge });
      // Nobody has said who they are: strangers use up what is theirs, and nothing of whose passkey they name.
      const key = `mfa-auth-address-${visit.client.address}`;
      return check(visit, { param: 'credential', key, asked: [{ class: 'webauthn', verdict }] });
    },
    async ask(visit, user) {
      const owned = user === undefined ? [] : ofClass(await devices.ofUser(visit.tenant, user), webauthn);
      const asked = await (user === undefined
        ? webauthn.passwordless.challenge(factorVisit(visit))
        : webauthn.challenge(factorVisit(visit), owned));
      const { timeout: _, ...options } = asked?.challenge ?? {};
      return { options: { publicKey: options }, challenge: String(options.challenge ?? '') };
    },
  };
}

/** A visit as verifiers see it. Pages of the front ends that a tenant names may use its passkeys, too. */
export function factorVisit(visit: Visit, verification: 'preferred' | 'required' = 'preferred'): FactorVisit {
  const { tenant, client, settings } = visit;
  return {
    request: { tenant, client },
    settings: { webauthn_user_verification: verification },
    origins: settings.trusted_origins,
  };
}

/** Which class an answer was of, or was meant for: a wrong code may be of either of two. */
function classOf(param: Asking['param'], judgement: FactorJudgement): Device['class'] {
  if (judgement.ok === true) return judgement.class;
  return param === 'credential' ? 'webauthn' : 'totp';
}

/** Whether anything was judged: whoever has tried too often is not looked at. */
function wasLookedAt(judgement: FactorJudgement, asked: Asking['asked']): boolean {
  return judgement.ok !== false || judgement.failed.length > 0 || asked.length === 0;
}

function keyOfUser(user: number): string {
  return `mfa-auth-user-${user}`;
}
