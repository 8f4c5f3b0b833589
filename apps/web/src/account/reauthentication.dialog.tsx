import { Button } from '@patternfly/react-core';
import { useMessages } from '../messages/messages.ts';
import { Dialog } from '../settings/dialog.tsx';
import { useAccountWords } from './messages/account.messages.ts';
import { meansOf, Proof } from './proof.tsx';
import type { Flow } from './who.ts';

type ReauthenticationDialogProps = {
  readonly flows: readonly Flow[];
  readonly onSettled: (isShown: boolean) => void;
};

/** Asks once more who this is, on top of what wants to know it. */
export function ReauthenticationDialog({ flows, onSettled }: ReauthenticationDialogProps) {
  const { proof } = useAccountWords();
  const { settings } = useMessages();
  return (
    <Dialog title={proof.title} onClose={() => onSettled(false)}>
      <p>{proof.lead}</p>
      <Proof means={meansOf(flows)} occasion="reauthenticate" onDone={() => onSettled(true)} />
      <Button variant="link" onClick={() => onSettled(false)}>
        {settings.cancel}
      </Button>
    </Dialog>
  );
}
