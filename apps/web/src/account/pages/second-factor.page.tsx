import { useAccount } from '../account.context.ts';
import { useAccountWords } from '../messages/account.messages.ts';
import { meansOf, Proof } from '../proof.tsx';
import { GiveUp, Step, WhilePending } from '../step.tsx';

/** What somebody has beside their password. */
export function SecondFactorPage() {
  const { who } = useAccount();
  const { proof } = useAccountWords();
  return (
    <WhilePending flow="mfa_authenticate">
      <Step title={proof.title} lead={proof.secondLead}>
        <Proof means={meansOf(who.pending ? [who.pending] : [])} occasion="authenticate" />
        <GiveUp />
      </Step>
    </WhilePending>
  );
}
