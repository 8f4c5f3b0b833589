import { Alert, Button } from '@patternfly/react-core';
import { AnswerAlerts } from '../form/answer-alerts.tsx';
import { splitErrors } from '../form/field-errors.ts';
import { useMessages } from '../messages/messages.ts';
import { Dialog } from './dialog.tsx';
import type { Change } from './outcome.ts';
import { useChange } from './use-change.ts';

type ConfirmDialogProps = {
  readonly title: string;
  readonly hint: string;
  /** What is lost that people may not think of. */
  readonly warning?: string;
  readonly confirmLabel: string;
  /** Whether something is lost. Default: true. */
  readonly isGrave?: boolean;
  readonly act: () => Promise<Change>;
  readonly onDone: () => void;
  readonly onClose: () => void;
};

const NO_FIELDS: ReadonlySet<string> = new Set();

/** Asks before something is gone for good. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, hint, warning, confirmLabel, isGrave = true, act, onDone, onClose } = props;
  const messages = useMessages();
  const { busy, refused, run } = useChange(onDone);
  const sentences = refused?.errors ? splitErrors(refused.errors, NO_FIELDS, messages).general : [];
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{hint}</p>
      {warning && <Alert isInline variant="warning" title={warning} component="p" />}
      <AnswerAlerts failure={refused?.failure} sentences={sentences} />
      <div className="po-dialog-actions">
        <Button
          variant={isGrave ? 'danger' : 'primary'}
          isLoading={busy}
          isAriaDisabled={busy}
          spinnerAriaLabel={messages.loading}
          onClick={() => void run(act)}
        >
          {confirmLabel}
        </Button>
        <Button variant="link" onClick={onClose} data-first="">
          {messages.settings.cancel}
        </Button>
      </div>
    </Dialog>
  );
}
