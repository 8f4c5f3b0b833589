import { CodeField } from '../../form/code-field.tsx';
import { useMessages } from '../../messages/messages.ts';
import { useAccount } from '../account.context.ts';
import { AnswerForm } from '../answer-form.tsx';
import { useAccountWords } from '../messages/account.messages.ts';
import { Resend } from '../resend.tsx';
import { GiveUp, Step, WhilePending } from '../step.tsx';
import { textIn } from '../text-field.tsx';

const CODE = ['code'];

/** The code that came as a text message. */
export function VerifyPhonePage() {
  const { request } = useAccount();
  const { codeLabel } = useMessages();
  const { verify } = useAccountWords();
  return (
    <WhilePending flow="verify_phone">
      <Step title={verify.phoneTitle} lead={verify.phoneLead}>
        <AnswerForm
          fields={CODE}
          submitLabel={verify.submit}
          send={(form) => request('POST', '/auth/phone/verify', { body: { code: textIn(form, 'code') } })}
        >
          <CodeField label={codeLabel} />
        </AnswerForm>
        <Resend path="/auth/phone/verify/resend" />
        <GiveUp to="signup" />
      </Step>
    </WhilePending>
  );
}
