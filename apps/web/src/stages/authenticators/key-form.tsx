import { Alert } from '@patternfly/react-core';
import KeyIcon from '@patternfly/react-icons/dist/esm/icons/key-icon';
import { StageForm } from '../../form/stage-form.tsx';
import { useMessages } from '../../messages/messages.ts';
import { useCeremony } from './use-ceremony.ts';
import type { Ceremony } from './webauthn.ceremony.ts';

const FIELDS: readonly string[] = [];

type KeyFormProps = {
  readonly ceremony: () => Promise<Ceremony>;
  readonly answerField: 'webauthn' | 'response';
  readonly isImmediate?: boolean;
  readonly submitLabel: string;
};

/** Waits for a key: says what to do, what went wrong, and offers to try again. */
export function KeyForm({ ceremony, answerField, isImmediate = false, submitLabel }: KeyFormProps) {
  const messages = useMessages();
  const { start, isOpen, trouble } = useCeremony({ ceremony, answerField, isImmediate });
  const isUnsupported = trouble === 'unsupported';
  return (
    <StageForm
      fields={FIELDS}
      submitLabel={trouble ? messages.tryAgain : submitLabel}
      isWorking={isOpen}
      collect={async () => {
        await start();
        return undefined;
      }}
      {...(isUnsupported && { actions: null })}
    >
      {trouble ? (
        <div role="alert">
          <Alert
            isInline
            variant={isUnsupported ? 'warning' : 'danger'}
            title={messages.keyTrouble[trouble].title}
            component="p"
          >
            {messages.keyTrouble[trouble].hint}
          </Alert>
        </div>
      ) : (
        <div className="po-hint" data-working={isOpen} aria-live="polite">
          <KeyIcon />
          <p>{isOpen ? messages.keyWaiting : messages.keyHint}</p>
        </div>
      )}
    </StageForm>
  );
}
