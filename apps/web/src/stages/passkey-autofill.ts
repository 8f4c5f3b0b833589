import { useEffect, useRef } from 'react';
import { isWire, numberOf, type Wire, wireOf } from '../executor/wire.codec.ts';
import { useStage } from '../form/stage.context.ts';

/** Passkeys among what the browser fills in. */
type Autofill = {
  /** Takes the offer back. Resolves once no request of it is under way: one that comes late would get in the way of another answer. */
  readonly stop: () => Promise<void>;
};

type AutofillDeps = {
  readonly fetch: typeof globalThis.fetch;
  /** Slug of the flow. */
  readonly slug: string;
  /** Takes the credential that the person chose. */
  readonly give: (credential: object) => void;
};

/** Of the time that options are good for: then they are asked for anew. */
const RENEWED_AT = 0.8;

/**
 * Has the browser offer passkeys in the field for the name (WebAuthn Level 3, section 5.1.4), while the step is on display and where
 * `isOffered`. Says nothing where a browser, a key or the server does not go along: there are other ways to sign in.
 */
export function usePasskeyAutofill(isOffered: boolean): Autofill {
  const { answer, outcomes } = useStage();
  const current = useRef<Autofill>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: an outcome is the occasion: an answer uses an offer up
  useEffect(() => {
    const slug = slugIn(window.location.pathname);
    if (!isOffered || slug === undefined) return undefined;
    const give = (webauthn: object) => answer({ webauthn });
    const autofill = beginAutofill({ fetch: (...request) => fetch(...request), slug, give });
    current.current = autofill;
    return () => void autofill.stop();
  }, [isOffered, outcomes]);
  return { stop: async () => current.current?.stop() };
}

/** The flow of a page; undefined where flows run within another page, which fills in nothing. */
function slugIn(path: string): string | undefined {
  return /^\/if\/flow\/([-\w]+)\/?$/.exec(path)?.[1];
}

function beginAutofill({ fetch, slug, give }: AutofillDeps): Autofill {
  const stopped = new AbortController();
  const { signal } = stopped;
  let asking: Promise<unknown> = Promise.resolve();
  const run = async () => {
    if (!(await isAvailable())) return;
    const { abortCeremony, proveFilledKey } = await import('./authenticators/webauthn.ceremony.ts');
    for (let isRenewed = true; isRenewed && !signal.aborted; ) {
      const asked = optionsOf(fetch, slug);
      asking = asked;
      const options = await asked;
      if (options === undefined || signal.aborted) return;
      isRenewed = false;
      const renew = () => {
        isRenewed = true;
        abortCeremony();
      };
      const timer = setTimeout(renew, numberOf(options, 'timeout') * RENEWED_AT);
      signal.addEventListener('abort', abortCeremony, { once: true });
      const outcome = await proveFilledKey(options);
      signal.removeEventListener('abort', abortCeremony);
      clearTimeout(timer);
      if ('credential' in outcome && !signal.aborted) return give(outcome.credential);
    }
  };
  // A script that does not load is one of the things that may be missing.
  void run().catch(() => undefined);
  return {
    stop: async () => {
      stopped.abort();
      await asking;
    },
  };
}

async function isAvailable(): Promise<boolean> {
  const keys: Partial<typeof PublicKeyCredential> | undefined = window.PublicKeyCredential;
  return (await keys?.isConditionalMediationAvailable?.()) === true;
}

/** Options of the server; undefined where it offers nothing. */
async function optionsOf(fetch: typeof globalThis.fetch, slug: string): Promise<Wire | undefined> {
  const headers = { accept: 'application/json' };
  const response = await fetch(`/flows/-/passkey/${slug}/`, { headers, credentials: 'same-origin' }).catch(
    () => undefined,
  );
  if (response?.ok !== true) return undefined;
  const { options } = wireOf(await response.json().catch(() => undefined));
  return isWire(options) && numberOf(options, 'timeout') > 0 ? options : undefined;
}
