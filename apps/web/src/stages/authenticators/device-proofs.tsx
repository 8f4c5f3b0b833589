import { Button } from '@patternfly/react-core';
import { useEffect } from 'react';
import type { DeviceChallenge } from '../../executor/authenticator.types.ts';
import { CodeField, codeOf } from '../../form/code-field.tsx';
import { useStage } from '../../form/stage.context.ts';
import { StageForm } from '../../form/stage-form.tsx';
import { useMessages } from '../../messages/messages.ts';
import { KeyForm } from './key-form.tsx';
import { proveKey } from './webauthn.ceremony.ts';

const CODE_FIELDS = ['code'];
const NO_FIELDS: readonly string[] = [];

type ProofProps = { readonly device: DeviceChallenge };

/** Proves one device, in the way of its class. A class that nobody knows is asked for a code. */
export function DeviceProof({ device }: ProofProps) {
  const messages = useMessages();
  switch (device.device_class) {
    case 'webauthn':
      return (
        <KeyForm
          ceremony={() => proveKey(device.challenge)}
          answerField="webauthn"
          submitLabel={messages.keyUse}
          isImmediate
        />
      );
    case 'duo':
      return <DuoProof device={device} />;
    case 'sms':
      return <SmsProof device={device} />;
    default:
      return <CodeProof digits={device.device_class === 'totp' ? 0 : undefined} />;
  }
}

function CodeProof({ digits }: { readonly digits?: number }) {
  const messages = useMessages();
  return (
    <StageForm fields={CODE_FIELDS} submitLabel={messages.continue} collect={(form) => ({ code: codeOf(form) })}>
      <CodeField label={messages.codeLabel} digits={digits} />
    </StageForm>
  );
}

/** Choosing the phone has the code sent. */
function SmsProof({ device }: ProofProps) {
  const messages = useMessages();
  const { answer, busy } = useStage();
  const send = () => answer({ selected_challenge: device }, { quiet: true });
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the device is chosen
  useEffect(send, []);
  return (
    <>
      <CodeProof digits={0} />
      <div className="po-links">
        <Button variant="link" isInline isAriaDisabled={busy} onClick={send}>
          {messages.sendAgain}
        </Button>
      </div>
    </>
  );
}

/** The server answers once the person has: until then the answer is under way. */
function DuoProof({ device }: ProofProps) {
  const messages = useMessages();
  const { answer, busy, errors } = useStage();
  const ask = () => ({ duo: Number(device.device_uid) });
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the device is chosen
  useEffect(() => answer(ask()), []);
  return (
    <StageForm fields={NO_FIELDS} submitLabel={messages.duoAskAgain} collect={ask}>
      {busy && (
        <p className="po-waits" role="status">
          {messages.duoAsked}
        </p>
      )}
      {!busy && !errors && <p>{messages.duoUnanswered}</p>}
    </StageForm>
  );
}
