import { useAccount } from '../account.context.ts';
import { useAccountWords } from '../messages/account.messages.ts';
import { GiveUp, Step } from '../step.tsx';

/** A step that these pages have no form for, and the way back. */
export function UnknownStepPage() {
  const { who } = useAccount();
  const { steps } = useAccountWords();
  return (
    <Step title={steps.unknownTitle} lead={steps.unknownHint}>
      {who.pending && <code className="po-code">{who.pending.id}</code>}
      <GiveUp />
    </Step>
  );
}
