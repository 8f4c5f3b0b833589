import { Button } from '@patternfly/react-core';
import { CopyButton } from '../../form/copy-button.tsx';
import { Dialog } from '../../settings/dialog.tsx';
import { useWords } from '../messages/admin.messages.ts';

type ResultDialogProps = { readonly title: string; readonly text: string; readonly onClose: () => void };

/** What the server answered, to be copied: a key, or a link. */
export function ResultDialog({ title, text, onClose }: ResultDialogProps) {
  const { actions } = useWords();
  return (
    <Dialog title={title} isWide={text.length > 200} onClose={onClose}>
      <p>{actions.result}</p>
      <div className="po-key">
        <code>{text}</code>
        <CopyButton text={text} label={actions.copy} />
      </div>
      <div className="po-dialog-actions">
        <Button onClick={onClose} data-first="">
          {actions.close}
        </Button>
      </div>
    </Dialog>
  );
}
