import { useMessages } from '../../messages/messages.ts';
import { useAccount } from '../account.context.ts';
import { AccountLink } from '../account.link.tsx';
import { hrefOf, withNext } from '../account.route.ts';
import { AnswerForm } from '../answer-form.tsx';
import { KeyState } from '../key-alert.tsx';
import { useAccountWords } from '../messages/account.messages.ts';
import { SignupForm } from '../signup.form.tsx';
import { GiveUp, Step, WhilePending } from '../step.tsx';
import { useKey } from '../use-key.ts';
import { namesOf, optionalOf } from './signup.page.tsx';

/** Somebody new, without a password. */
export function PasskeySignupPage() {
  const { config, request, next } = useAccount();
  const { signup } = useAccountWords();
  const { continue: goOn } = useMessages();
  return (
    <Step title={signup.title} lead={signup.passkeyLead}>
      <SignupForm
        begin={[...namesOf(config.loginMethods), 'email']}
        optional={optionalOf(config.loginMethods).filter((name) => name !== 'email')}
        submitLabel={goOn}
        send={(body) => request('POST', '/auth/webauthn/signup', { body })}
      />
      <p className="po-links">
        <AccountLink href={withNext(hrefOf('signup'), next)}>{signup.byPassword}</AccountLink>
      </p>
    </Step>
  );
}

const FIELDS: readonly string[] = [];

/** The passkey of somebody whose address is verified. */
export function PasskeyCreatePage() {
  const { request } = useAccount();
  const { signup } = useAccountWords();
  const { keySetUp, tryAgain } = useMessages();
  const path = '/auth/webauthn/signup';
  const send = (credential: object) => request('PUT', path, { body: { name: signup.passkeyName, credential } });
  const key = useKey({ path, kind: 'register', send });
  return (
    <WhilePending flow="mfa_signup_webauthn">
      <Step title={signup.passkeyTitle} lead={keySetUp}>
        <AnswerForm
          fields={FIELDS}
          submitLabel={key.trouble ? tryAgain : signup.passkeyCreate}
          isWorking={key.isOpen}
          send={key.start}
        >
          <KeyState {...key} />
        </AnswerForm>
        <GiveUp to="signup" />
      </Step>
    </WhilePending>
  );
}
