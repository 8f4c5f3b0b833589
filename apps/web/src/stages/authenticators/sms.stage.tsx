import { Button, TextInput } from '@patternfly/react-core';
import { useEffect, useState } from 'react';
import type { AuthenticatorSmsChallenge } from '../../executor/authenticator.types.ts';
import { CodeField, codeOf } from '../../form/code-field.tsx';
import { Field } from '../../form/field.tsx';
import { useStage } from '../../form/stage.context.ts';
import { StageForm } from '../../form/stage-form.tsx';
import { useMessages } from '../../messages/messages.ts';
import { Heading } from '../../page/heading.tsx';
import { UserLine } from '../user-line.tsx';

const NUMBER_FIELDS = ['phone_number'];
const CODE_FIELDS = ['code'];

/** Where to send codes, and whether they arrive. */
export function SmsStage({ challenge }: { readonly challenge: AuthenticatorSmsChallenge }) {
  const messages = useMessages();
  const { flowInfo, outcomes } = useStage();
  const [number, setNumber] = useState('');
  const [change, setChange] = useState<'none' | 'asked' | 'sent'>('none');
  const asksNumber = challenge.phone_number_required || change !== 'none';
  // The form of another number stays until the server has said something about that number.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new outcome is the occasion, not an input
  useEffect(() => setChange((now) => (now === 'sent' ? 'none' : now)), [outcomes]);
  const send = (typed: string) => {
    setNumber(typed);
    setChange('sent');
  };
  return (
    <>
      <Heading title={flowInfo.title} lead={asksNumber ? messages.smsLead : messages.smsSent(number)} />
      <UserLine user={challenge.pending_user} avatar={challenge.pending_user_avatar} />
      {asksNumber ? (
        <NumberForm number={number} send={send} />
      ) : (
        <SmsCodeForm number={number} change={() => setChange('asked')} />
      )}
    </>
  );
}

type NumberFormProps = { readonly number: string; readonly send: (number: string) => void };

function NumberForm({ number, send }: NumberFormProps) {
  const messages = useMessages();
  const { answer } = useStage();
  return (
    <StageForm
      fields={NUMBER_FIELDS}
      submitLabel={messages.smsSend}
      collect={(form) => {
        const phone_number = String(form.get('phone_number') ?? '').trim();
        send(phone_number);
        answer({ phone_number }, { quiet: true });
        return undefined;
      }}
    >
      <Field name="phone_number" label={messages.phoneNumber} help={messages.phoneNumberHelp}>
        {(control) => <TextInput {...control} type="tel" autoComplete="tel" defaultValue={number} isRequired />}
      </Field>
    </StageForm>
  );
}

type SmsCodeFormProps = { readonly number: string; readonly change: () => void };

function SmsCodeForm({ number, change }: SmsCodeFormProps) {
  const messages = useMessages();
  const { answer, busy } = useStage();
  const sendAgain = () => answer({ phone_number: number }, { quiet: true });
  return (
    <>
      <StageForm
        fields={CODE_FIELDS}
        submitLabel={messages.continue}
        collect={(form) => ({ code: Number(codeOf(form)) })}
      >
        <CodeField label={messages.codeLabel} digits={0} />
      </StageForm>
      <div className="po-links">
        {number !== '' && (
          <Button variant="link" isInline isAriaDisabled={busy} onClick={sendAgain}>
            {messages.sendAgain}
          </Button>
        )}
        <Button variant="link" isInline onClick={change}>
          {messages.smsOtherNumber}
        </Button>
      </div>
    </>
  );
}
