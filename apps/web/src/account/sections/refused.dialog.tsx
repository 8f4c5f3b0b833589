import { Button } from '@patternfly/react-core';
import { AnswerAlerts } from '../../form/answer-alerts.tsx';
import { splitErrors } from '../../form/field-errors.ts';
import { useMessages } from '../../messages/messages.ts';
import { Dialog } from '../../settings/dialog.tsx';
import type { Refusal } from '../refusal.ts';

type RefusedDialogProps = { readonly title: string; readonly refusal: Refusal; readonly onClose: () => void };

const NO_FIELDS: ReadonlySet<string> = new Set();

/** Instead of a dialog whose beginning was refused. */
export function RefusedDialog({ title, refusal, onClose }: RefusedDialogProps) {
  const messages = useMessages();
  const sentences = splitErrors(refusal.errors, NO_FIELDS, messages).general;
  return (
    <Dialog title={title} onClose={onClose}>
      <AnswerAlerts failure={refusal.failure} sentences={sentences} />
      <div className="po-dialog-actions">
        <Button onClick={onClose}>{messages.settings.done}</Button>
      </div>
    </Dialog>
  );
}
