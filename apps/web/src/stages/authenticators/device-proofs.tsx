import { Button } from '@patternfly/react-core';
import { useEffect, useRef } from 'react';
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

/** Between an answer that nothing is decided and the next question. The server has waited by then. */
const DUO_PAUSE_MS = 1000;

/** Asks until the person has decided. A refusal ends it; then another request is sent on demand. */
function DuoProof({ device }: ProofProps) {
  const messages = useMessages();
  const { answer, busy, errors, failure, outcomes } = useStage();
  const isOver = errors !== undefined || failure !== undefined;
  const first = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new outcome is the occasion, not an input
  useEffect(() => {
    if (isOver) return;
    const ask = () => answer({ duo: Number(device.device_uid) }, { quiet: true });
    const timer = setTimeout(ask, first.current ? 0 : DUO_PAUSE_MS);
    first.current = false;
    return () => clearTimeout(timer);
  }, [outcomes]);
  return (
    <StageForm
      fields={NO_FIELDS}
      submitLabel={messages.duoAskAgain}
      collect={() => {
        answer({ selected_challenge: device }, { quiet: true });
        return undefined;
      }}
      {...(!isOver && { actions: null })}
    >
      {(!isOver || busy) && (
        <p className="po-waits" role="status">
          {messages.duoAsked}
        </p>
      )}
    </StageForm>
  );
}
