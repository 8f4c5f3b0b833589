import { type RefObject, useEffect, useState } from 'react';
import type { CaptchaChallenge } from '../../executor/challenge.types.ts';
import { safeWebTarget } from '../../executor/navigation.ts';
import { useStage } from '../../form/stage.context.ts';
import { captchaOf } from './captcha.providers.ts';
import { loadScript } from './captcha.script.ts';

/** `hidden` looks without being seen, `drawn` asks; `solved` has its token on the way; `refused` and `broken` wait for another try. */
export type CaptchaState = 'loading' | 'hidden' | 'drawn' | 'solved' | 'refused' | 'broken';

/** Runs the captcha inside of an element and answers with its token. `again` begins anew. */
export function useCaptcha({ js_url, site_key }: CaptchaChallenge, place: RefObject<HTMLElement | null>) {
  const { answer, errors, failure } = useStage();
  const [turn, setTurn] = useState(0);
  const [state, setState] = useState<CaptchaState>('loading');

  // biome-ignore lint/correctness/useExhaustiveDependencies: once a turn
  useEffect(() => {
    const container = place.current;
    const script = safeWebTarget(js_url, document.baseURI);
    if (!container) return;
    let left = false;
    const now = (next: CaptchaState) => left || setState(next);
    now('loading');
    const solved = (token: string) => {
      if (left) return;
      now('solved');
      answer({ token });
    };
    // Keys are for one of both, and their scripts do not say for which: every other try is the other way.
    const isHidden = turn % 2 === 0;
    const settings = { siteKey: site_key, locale: document.documentElement.lang, isDark: isDark(), isHidden };
    const begin = async () => {
      if (script === undefined) return now('broken');
      await loadScript(script, document);
      const captcha = captchaOf(window);
      if (left) return;
      if (!captcha) return now('broken');
      now('hidden');
      captcha.show(container, settings, {
        drawn: () => now('drawn'),
        solved,
        expired: () => now('refused'),
        failed: () => now('broken'),
      });
    };
    begin().catch(() => now('broken'));
    return () => {
      left = true;
      container.replaceChildren();
    };
  }, [turn]);

  const wasRefused = errors !== undefined || failure !== undefined;
  return {
    state: state === 'solved' && wasRefused ? ('refused' as const) : state,
    again: () => setTurn(turn + 1),
  };
}

function isDark(): boolean {
  return document.documentElement.style.colorScheme === 'dark';
}
