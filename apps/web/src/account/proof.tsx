import KeyIcon from '@patternfly/react-icons/dist/esm/icons/key-icon';
import LockIcon from '@patternfly/react-icons/dist/esm/icons/lock-icon';
import MobileAltIcon from '@patternfly/react-icons/dist/esm/icons/mobile-alt-icon';
import RedoIcon from '@patternfly/react-icons/dist/esm/icons/redo-icon';
import { type ReactNode, useState } from 'react';
import { ChoiceList } from '../form/choice-list.tsx';
import { CodeField, codeOf } from '../form/code-field.tsx';
import { PasswordField } from '../form/password-field.tsx';
import { useMessages } from '../messages/messages.ts';
import { useAccount } from './account.context.ts';
import { AnswerForm } from './answer-form.tsx';
import type { Message } from './headless.message.ts';
import { KeyState } from './key-alert.tsx';
import { useAccountWords } from './messages/account.messages.ts';
import { useKey } from './use-key.ts';
import type { Flow } from './who.ts';

/** A way to show who one is. */
export type Means = 'password' | 'totp' | 'webauthn' | 'recovery_codes';

const ORDER: readonly Means[] = ['webauthn', 'totp', 'password', 'recovery_codes'];

const ICONS: Readonly<Record<Means, ReactNode>> = {
  password: <LockIcon />,
  totp: <MobileAltIcon />,
  webauthn: <KeyIcon />,
  recovery_codes: <RedoIcon />,
};

/** What these flows take, the most comfortable first. */
export function meansOf(flows: readonly Flow[]): readonly Means[] {
  const taken = flows.flatMap(({ id, types }) => (id === 'reauthenticate' ? ['password'] : types));
  return ORDER.filter((means) => taken.includes(means));
}

type ProofProps = {
  readonly means: readonly Means[];
  /** Whether somebody signs in, or shows it once more. */
  readonly occasion: 'authenticate' | 'reauthenticate';
  readonly onDone?: (message: Message) => void;
};

/** Asks for one of these, and lets people take another. */
export function Proof({ means, occasion, onDone }: ProofProps) {
  const { proof } = useAccountWords();
  const [chosen, choose] = useState(means[0]);
  const others = means.filter((other) => other !== chosen);
  return (
    <>
      {chosen && <ProofForm key={chosen} means={chosen} occasion={occasion} onDone={onDone} />}
      {others.length > 0 && (
        <div className="po-others">
          <p className="po-or">
            <span>{proof.others}</span>
          </p>
          <ChoiceList
            label={proof.others}
            items={others.map((key) => ({ key, icon: ICONS[key], title: proof[key].title, hint: proof[key].hint }))}
            choose={(key) => choose(means.find((other) => other === key))}
          />
        </div>
      )}
    </>
  );
}

type ProofFormProps = Omit<ProofProps, 'means'> & { readonly means: Means };

function ProofForm(props: ProofFormProps) {
  if (props.means === 'webauthn') return <KeyProof {...props} />;
  return props.means === 'password' ? <PasswordProof {...props} /> : <CodeProof {...props} />;
}

const PASSWORD = ['password'];
const CODE = ['code'];
const NOTHING: readonly string[] = [];

function PasswordProof({ onDone }: ProofFormProps) {
  const { request } = useAccount();
  const { password, continue: goOn } = useMessages();
  return (
    <AnswerForm
      fields={PASSWORD}
      submitLabel={goOn}
      send={(form) => request('POST', '/auth/reauthenticate', { body: { password: String(form.get('password')) } })}
      onDone={onDone}
    >
      <PasswordField name="password" label={password} autoComplete="current-password" />
    </AnswerForm>
  );
}

function CodeProof({ means, occasion, onDone }: ProofFormProps) {
  const { request } = useAccount();
  const { proof } = useAccountWords();
  const { continue: goOn } = useMessages();
  const isApp = means === 'totp';
  return (
    <AnswerForm
      fields={CODE}
      submitLabel={goOn}
      send={(form) => request('POST', `/auth/2fa/${occasion}`, { body: { code: codeOf(form) } })}
      onDone={onDone}
    >
      <CodeField label={proof[means].title} help={proof[means].hint} {...(isApp && { digits: 6 })} />
    </AnswerForm>
  );
}

function KeyProof({ occasion, onDone }: ProofFormProps) {
  const { request } = useAccount();
  const { keyUse, tryAgain } = useMessages();
  const path = `/auth/webauthn/${occasion}`;
  const key = useKey({ path, kind: 'prove', send: (credential) => request('POST', path, { body: { credential } }) });
  return (
    <AnswerForm
      fields={NOTHING}
      submitLabel={key.trouble ? tryAgain : keyUse}
      isWorking={key.isOpen}
      send={key.start}
      onDone={onDone}
    >
      <KeyState {...key} />
    </AnswerForm>
  );
}
