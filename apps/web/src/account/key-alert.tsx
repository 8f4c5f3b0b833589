import { Alert } from '@patternfly/react-core';
import KeyIcon from '@patternfly/react-icons/dist/esm/icons/key-icon';
import { useMessages } from '../messages/messages.ts';
import type { Trouble } from '../stages/authenticators/webauthn.ceremony.ts';

type KeyStateProps = { readonly isOpen: boolean; readonly trouble: Trouble | undefined };

/** What the browser does with a key, or why it did not work. */
export function KeyState({ isOpen, trouble }: KeyStateProps) {
  const { keyWaiting, keyHint } = useMessages();
  if (trouble) return <KeyTrouble trouble={trouble} />;
  return (
    <div className="po-hint" data-working={isOpen} aria-live="polite">
      <KeyIcon />
      <p>{isOpen ? keyWaiting : keyHint}</p>
    </div>
  );
}

/** Why a key did not work. */
export function KeyTrouble({ trouble }: { readonly trouble: Trouble }) {
  const { title, hint } = useMessages().keyTrouble[trouble];
  return (
    <div role="alert">
      <Alert isInline variant={trouble === 'unsupported' ? 'warning' : 'danger'} title={title} component="p">
        {hint}
      </Alert>
    </div>
  );
}
