import { useEffect, useState } from 'react';
import { textOf, wireOf } from '../../executor/wire.codec.ts';
import { CodeField } from '../../form/code-field.tsx';
import { useMessages } from '../../messages/messages.ts';
import { StagePage } from '../../page/stage-page.tsx';
import { Waiting } from '../../page/waiting.tsx';
import { useAccount } from '../account.context.ts';
import { AnswerForm } from '../answer-form.tsx';
import type { Message } from '../headless.message.ts';
import { useAccountWords } from '../messages/account.messages.ts';
import { Resend } from '../resend.tsx';
import { End, GiveUp, Step, WhilePending } from '../step.tsx';
import { textIn } from '../text-field.tsx';

const CODE = ['code'];
const NOTHING: readonly string[] = [];
const ALIAS = { key: 'code' };

/** Waits for somebody's address to be verified: by a code that is typed here, or by a link that is opened anywhere. */
export function VerifyEmailPage() {
  const { config, request } = useAccount();
  const { codeLabel, emailTitle } = useMessages();
  const { verify } = useAccountWords();
  return (
    <WhilePending flow="verify_email">
      {config.verifiesByCode ? (
        <Step title={verify.codeTitle} lead={verify.codeLead}>
          <AnswerForm
            fields={CODE}
            alias={ALIAS}
            submitLabel={verify.submit}
            send={(form) => request('POST', '/auth/email/verify', { body: { key: textIn(form, 'code') } })}
          >
            <CodeField label={codeLabel} />
          </AnswerForm>
          <Resend path="/auth/email/verify/resend" />
          <GiveUp to="signup" />
        </Step>
      ) : (
        <Step title={emailTitle} lead={verify.linkLead}>
          <p>{verify.linkHint}</p>
          <GiveUp to="signup" />
        </Step>
      )}
    </WhilePending>
  );
}

type State =
  | { readonly step: 'asked' }
  | { readonly step: 'fits'; readonly email: string }
  | { readonly step: 'bad' | 'done' };

/** The link of a mail: says whose address it verifies, and does so when told. */
export function VerifyEmailKeyPage({ emailKey }: { readonly emailKey: string }) {
  const { request } = useAccount();
  const { verify } = useAccountWords();
  const [state, setState] = useState<State>({ step: 'asked' });
  useEffect(() => {
    const headers = { 'x-email-verification-key': emailKey };
    void request('GET', '/auth/email/verify', { headers }).then((message) => setState(stateOf(message)));
  }, [emailKey, request]);
  switch (state.step) {
    case 'asked':
      return (
        <StagePage busy>
          <Waiting />
        </StagePage>
      );
    case 'bad':
      return <End title={verify.badTitle} hint={verify.badHint} isAlert />;
    case 'done':
      return <End title={verify.doneTitle} hint={verify.doneHint} />;
    case 'fits':
      return (
        <Step title={verify.title} lead={verify.lead(state.email)}>
          <AnswerForm
            fields={NOTHING}
            submitLabel={verify.submit}
            send={() => request('POST', '/auth/email/verify', { body: { key: emailKey } })}
            onDone={() => setState({ step: 'done' })}
          />
        </Step>
      );
  }
}

function stateOf({ status, data }: Message): State {
  return status === 200 ? { step: 'fits', email: textOf(wireOf(data), 'email') } : { step: 'bad' };
}
