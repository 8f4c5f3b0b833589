import type { Device, DeviceClass, DeviceEffect, DeviceStore, DeviceVerdict } from '../devices/index.ts';
import type { FlowTransaction, JsonObject, ResponseErrors } from '../plans/index.ts';

/** A class of devices that may be meant by an answer, and what it says of it. */
export type AskedFactor = { readonly class: DeviceClass; readonly verdict: () => Promise<DeviceVerdict> };

/** A class whose answer it was not. */
export type FailedFactor = { readonly class: DeviceClass; readonly verdict: DeviceVerdict & { readonly ok: false } };

/** An answer that proved something, or why it did not. */
export type FactorJudgement =
  | {
      readonly ok: true;
      readonly device: Device;
      readonly class: DeviceClass;
      /** Uses up what proved it. Throws StageRefused when somebody else has done so before. */
      readonly effect: DeviceEffect;
    }
  /** Nobody can tell yet: somebody has to decide elsewhere. */
  | { readonly ok: 'waiting'; readonly class: DeviceClass; readonly memory: JsonObject }
  | {
      readonly ok: false;
      readonly failed: readonly FailedFactor[];
      /** What the last class said; undefined when none was asked. */
      readonly errors: ResponseErrors | undefined;
      /** Counts the wrong answer against every device it was tried on. */
      readonly effect: DeviceEffect;
    };

/** An attempt that is counted before anything is looked at. */
export type CountedAttempt = {
  readonly reserve: () => Promise<'allowed' | 'refused'>;
  /** Takes back what it counted. */
  readonly succeeded: (tx: FlowTransaction) => Promise<void>;
};

/**
 * Judges an answer by the classes that it can be for. A code is counted before anything is looked at, and a wrong one counts against every
 * device it was tried on, after every class had its say: the right code of one device is no wrong one of another. What cannot be guessed is
 * not counted: there is no attempt then. So many wrong ones in a row as are `free` make a device wait for nothing; default: none.
 */
export async function judgeFactors(
  asked: readonly AskedFactor[],
  attempt: CountedAttempt | undefined,
  devices: Pick<DeviceStore, 'failed'>,
  free?: number,
): Promise<FactorJudgement> {
  const isAllowed = attempt === undefined || (await attempt.reserve()) === 'allowed';
  const failed: FailedFactor[] = [];
  for (const factor of isAllowed ? asked : []) {
    const verdict = await factor.verdict();
    if (verdict.ok === 'waiting') return { ok: 'waiting', class: factor.class, memory: verdict.memory };
    if (!verdict.ok) {
      failed.push({ class: factor.class, verdict });
      continue;
    }
    const effect: DeviceEffect = async (tx) => {
      await verdict.effect(tx);
      await attempt?.succeeded(tx);
      return undefined;
    };
    return { ok: true, device: verdict.device, class: factor.class, effect };
  }
  return { ok: false, failed, errors: failed.at(-1)?.verdict.errors, effect: counted(failed, devices, free) };
}

function counted(failed: readonly FailedFactor[], devices: Pick<DeviceStore, 'failed'>, free?: number): DeviceEffect {
  return async (tx) => {
    for (const { verdict } of failed) await verdict.effect?.(tx);
    const tried = failed.flatMap(({ verdict }) => verdict.tried ?? []);
    await devices.failed(
      tx,
      tried.map(({ pk }) => pk),
      free,
    );
    return undefined;
  };
}
