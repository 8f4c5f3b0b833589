import { useEffect, useRef, useState } from 'react';
import { useStage } from '../../form/stage.context.ts';
import { abortCeremony, type Ceremony, canUseKeys, type Trouble } from './webauthn.ceremony.ts';

type UseCeremony = {
  readonly ceremony: () => Promise<Ceremony>;
  /** The field of the answer that holds the credential. */
  readonly answerField: 'webauthn' | 'response';
  /** Begins by itself. */
  readonly isImmediate: boolean;
};

/** One dialog of the browser at a time; what it brings is the answer, and it closes with the step. */
export function useCeremony({ ceremony, answerField, isImmediate }: UseCeremony) {
  const { answer, busy } = useStage();
  const [trouble, setTrouble] = useState<Trouble | undefined>(() => (canUseKeys() ? undefined : 'unsupported'));
  const [isOpen, setOpen] = useState(false);
  const open = useRef(false);

  const start = async () => {
    if (open.current || busy) return;
    open.current = true;
    setOpen(true);
    setTrouble(undefined);
    const outcome = await ceremony();
    open.current = false;
    setOpen(false);
    if ('credential' in outcome) answer({ [answerField]: outcome.credential });
    else if (outcome.trouble !== 'aborted') setTrouble(outcome.trouble);
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the step appears
  useEffect(() => {
    if (isImmediate && canUseKeys()) void start();
    return abortCeremony;
  }, []);
  return { start, isOpen, trouble };
}
