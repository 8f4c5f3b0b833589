import { useEffect, useState } from 'react';
import { CodeField } from '../../form/code-field.tsx';
import { PasswordField } from '../../form/password-field.tsx';
import { useMessages } from '../../messages/messages.ts';
import { StagePage } from '../../page/stage-page.tsx';
import { Waiting } from '../../page/waiting.tsx';
import { useAccount } from '../account.context.ts';
import { AccountLink } from '../account.link.tsx';
import { hrefOf, withNext } from '../account.route.ts';
import { AnswerForm } from '../answer-form.tsx';
import { useAccountWords } from '../messages/account.messages.ts';
import { End, GiveUp, Step, WhilePending } from '../step.tsx';
import { TextField, textIn } from '../text-field.tsx';

const EMAIL = ['email'];
const CODE_AND_PASSWORD = ['code', 'password'];
const PASSWORD = ['password'];
const ALIAS = { key: 'code' };

/** Whose password is forgotten. The answer is the same whether anybody is known by that address. */
export function ResetRequestPage() {
  const { request, next } = useAccount();
  const { email, emailTitle } = useMessages();
  const { reset } = useAccountWords();
  const [isSent, setSent] = useState(false);
  if (isSent) return <End title={emailTitle} hint={reset.sentHint} />;
  return (
    <Step title={reset.title} lead={reset.lead}>
      <AnswerForm
        fields={EMAIL}
        submitLabel={reset.send}
        send={(form) => request('POST', '/auth/password/request', { body: { email: textIn(form, 'email') } })}
        onDone={() => setSent(true)}
      >
        <TextField name="email" label={email} type="email" autoComplete="email" />
      </AnswerForm>
      <p className="po-links">
        <AccountLink href={withNext(hrefOf('login'), next)}>{reset.remembered}</AccountLink>
      </p>
    </Step>
  );
}

/** The code of a mail, and the new password. */
export function ResetConfirmPage() {
  const { request } = useAccount();
  const { codeLabel, emailTitle } = useMessages();
  const { reset } = useAccountWords();
  const [isDone, setDone] = useState(false);
  if (isDone) return <End title={reset.doneTitle} hint={reset.doneHint} />;
  return (
    <WhilePending flow="password_reset_by_code">
      <Step title={emailTitle} lead={reset.codeLead}>
        <AnswerForm
          fields={CODE_AND_PASSWORD}
          alias={ALIAS}
          submitLabel={reset.submit}
          send={async (form) => {
            const body = { key: textIn(form, 'code'), password: String(form.get('password')) };
            const message = await request('POST', '/auth/password/reset', { body });
            // In the same turn as the step is over, so that nobody is told that it is.
            if (message.status === 401 || message.status === 200) setDone(true);
            return message;
          }}
        >
          <CodeField label={codeLabel} />
          <PasswordField name="password" label={reset.newPassword} autoComplete="new-password" />
        </AnswerForm>
        <GiveUp />
      </Step>
    </WhilePending>
  );
}

/** The link of a mail: asks for the new password while the link is good. */
export function ResetKeyPage({ resetKey }: { readonly resetKey: string }) {
  const { request } = useAccount();
  const { reset } = useAccountWords();
  const [step, setStep] = useState<'asked' | 'fits' | 'bad' | 'done'>('asked');
  useEffect(() => {
    const headers = { 'x-password-reset-key': resetKey };
    void request('GET', '/auth/password/reset', { headers }).then(({ status }) =>
      setStep(status === 200 ? 'fits' : 'bad'),
    );
  }, [resetKey, request]);
  if (step === 'asked')
    return (
      <StagePage busy>
        <Waiting />
      </StagePage>
    );
  if (step === 'bad')
    return (
      <End
        title={reset.badTitle}
        hint={reset.badHint}
        isAlert
        to={{ href: hrefOf('reset-request'), label: reset.again }}
      />
    );
  if (step === 'done') return <End title={reset.doneTitle} hint={reset.doneHint} />;
  return (
    <Step title={reset.newTitle} lead={reset.newLead}>
      <AnswerForm
        fields={PASSWORD}
        submitLabel={reset.submit}
        send={(form) =>
          request('POST', '/auth/password/reset', { body: { key: resetKey, password: String(form.get('password')) } })
        }
        onDone={() => setStep('done')}
      >
        <PasswordField name="password" label={reset.newPassword} autoComplete="new-password" />
      </AnswerForm>
    </Step>
  );
}
