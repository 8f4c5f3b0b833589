import { Button } from '@patternfly/react-core';
import { AnswerAlerts } from '../../form/answer-alerts.tsx';
import { useAccount } from '../account.context.ts';
import { useAccountWords } from '../messages/account.messages.ts';
import { Step, WhilePending } from '../step.tsx';
import { useAnswering } from '../use-answering.ts';

const NO_ALIAS = {};

/** Whether this browser is one that needs no second factor the next time. */
export function TrustPage() {
  const { request } = useAccount();
  const { trust } = useAccountWords();
  const { busy, refusal, run } = useAnswering({ alias: NO_ALIAS });
  const answer = (isTrusted: boolean) =>
    void run(() => request('POST', '/auth/2fa/trust', { body: { trust: isTrusted } }));
  return (
    <WhilePending flow="mfa_trust">
      <Step title={trust.title} lead={trust.lead}>
        <AnswerAlerts failure={refusal?.failure} sentences={[]} />
        <div className="po-actions">
          <Button size="lg" isBlock isAriaDisabled={busy} onClick={() => answer(true)}>
            {trust.yes}
          </Button>
          <Button variant="secondary" size="lg" isBlock isAriaDisabled={busy} onClick={() => answer(false)}>
            {trust.no}
          </Button>
        </div>
      </Step>
    </WhilePending>
  );
}
