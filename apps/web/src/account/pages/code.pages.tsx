import { CodeField } from '../../form/code-field.tsx';
import { useMessages } from '../../messages/messages.ts';
import { useAccount } from '../account.context.ts';
import { AccountLink } from '../account.link.tsx';
import { hrefOf, withNext } from '../account.route.ts';
import { AnswerForm } from '../answer-form.tsx';
import { nameField } from '../login-name.ts';
import { useAccountWords } from '../messages/account.messages.ts';
import { Resend } from '../resend.tsx';
import { GiveUp, Step, WhilePending } from '../step.tsx';
import { TextField, textIn } from '../text-field.tsx';

const NAME = ['name'];
const CODE = ['code'];
const ALIAS = { email: 'name', phone: 'name' };

/** Where a code to sign in with is to be sent. */
export function CodeRequestPage() {
  const { config, request, next } = useAccount();
  const { email, phoneNumber } = useMessages();
  const { code } = useAccountWords();
  const byPhone = config.loginMethods.includes('phone');
  return (
    <Step title={code.title} lead={byPhone ? code.leadPhone : code.lead}>
      <AnswerForm
        fields={NAME}
        alias={ALIAS}
        submitLabel={code.send}
        send={(form) => {
          const name = textIn(form, 'name');
          const field = nameField(byPhone ? ['email', 'phone'] : ['email'], name);
          return request('POST', '/auth/code/request', { body: { [field]: name } });
        }}
      >
        <TextField
          name="name"
          label={byPhone ? `${email} / ${phoneNumber}` : email}
          type={byPhone ? 'text' : 'email'}
          autoComplete="username"
        />
      </AnswerForm>
      <p className="po-links">
        <AccountLink href={withNext(hrefOf('login'), next)}>{code.byPassword}</AccountLink>
      </p>
    </Step>
  );
}

/** The code that was sent. */
export function CodeConfirmPage() {
  const { request } = useAccount();
  const { codeLabel } = useMessages();
  const { code, login } = useAccountWords();
  return (
    <WhilePending flow="login_by_code">
      <Step title={code.confirmTitle} lead={code.confirmLead}>
        <AnswerForm
          fields={CODE}
          submitLabel={login.submit}
          send={(form) => request('POST', '/auth/code/confirm', { body: { code: textIn(form, 'code') } })}
        >
          <CodeField label={codeLabel} />
        </AnswerForm>
        <Resend path="/auth/code/resend" />
        <GiveUp />
      </Step>
    </WhilePending>
  );
}
