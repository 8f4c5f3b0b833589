import { Button } from '@patternfly/react-core';
import KeyIcon from '@patternfly/react-icons/dist/esm/icons/key-icon';
import { PasswordField } from '../../form/password-field.tsx';
import { useMessages } from '../../messages/messages.ts';
import { useAccount } from '../account.context.ts';
import { AccountLink } from '../account.link.tsx';
import { hrefOf, withNext } from '../account.route.ts';
import { AnswerForm } from '../answer-form.tsx';
import { KeyTrouble } from '../key-alert.tsx';
import { nameField, nameLabel } from '../login-name.ts';
import { useAccountWords } from '../messages/account.messages.ts';
import { Or, ProviderButtons } from '../provider-buttons.tsx';
import { Step } from '../step.tsx';
import { TextField, textIn } from '../text-field.tsx';
import { useAnswering } from '../use-answering.ts';
import { useKey } from '../use-key.ts';

const FIELDS = ['name', 'password'];
const ALIAS = { username: 'name', email: 'name', phone: 'name' };

/** By a password, or by one of the other ways that are offered. */
export function LoginPage() {
  const { config, request, next } = useAccount();
  const messages = useMessages();
  const { login } = useAccountWords();
  const { loginMethods } = config;
  const isEmail = loginMethods.length === 1 && loginMethods[0] === 'email';
  return (
    <Step title={login.title}>
      <AnswerForm
        fields={FIELDS}
        alias={ALIAS}
        submitLabel={login.submit}
        send={(form) => {
          const name = textIn(form, 'name');
          const body = { [nameField(loginMethods, name)]: name, password: String(form.get('password')) };
          return request('POST', '/auth/login', { body });
        }}
      >
        <TextField
          name="name"
          label={nameLabel(loginMethods, messages)}
          type={isEmail ? 'email' : 'text'}
          autoComplete="username"
        />
        <PasswordField
          name="password"
          label={messages.password}
          autoComplete="current-password"
          aside={<AccountLink href={withNext(hrefOf('reset-request'), next)}>{messages.forgotPassword}</AccountLink>}
        />
      </AnswerForm>
      <Or isShown={config.hasPasskeys || config.logsInByCode || config.providers.length > 0} />
      <OtherWays />
      <ProviderButtons />
      {config.isOpen && (
        <p className="po-links">
          <span>
            {messages.needAccount} <AccountLink href={withNext(hrefOf('signup'), next)}>{messages.signUp}</AccountLink>
          </span>
        </p>
      )}
    </Step>
  );
}

function OtherWays() {
  const { config, go, next } = useAccount();
  const { login } = useAccountWords();
  if (!config.hasPasskeys && !config.logsInByCode) return null;
  return (
    <div className="po-actions">
      {config.hasPasskeys && <PasskeyButton />}
      {config.logsInByCode && (
        <Button variant="secondary" size="lg" isBlock onClick={() => go(withNext(hrefOf('code-request'), next))}>
          {login.byCode}
        </Button>
      )}
    </div>
  );
}

const NO_ALIAS = {};

function PasskeyButton() {
  const { request } = useAccount();
  const { login } = useAccountWords();
  const { loading } = useMessages();
  const path = '/auth/webauthn/login';
  const key = useKey({ path, kind: 'prove', send: (credential) => request('POST', path, { body: { credential } }) });
  const { busy, refusal, run } = useAnswering({ alias: NO_ALIAS });
  return (
    <>
      {refusal ? <KeyTrouble trouble="failed" /> : key.trouble && <KeyTrouble trouble={key.trouble} />}
      <Button
        variant="secondary"
        size="lg"
        isBlock
        icon={<KeyIcon />}
        isLoading={busy}
        isAriaDisabled={busy}
        spinnerAriaLabel={loading}
        onClick={() => void run(key.start)}
      >
        {login.byPasskey}
      </Button>
    </>
  );
}
