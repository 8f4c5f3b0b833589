import { Button, Form } from '@patternfly/react-core';
import { type FormEvent, type ReactNode, useMemo, useRef, useState } from 'react';
import { AnswerAlerts } from '../form/answer-alerts.tsx';
import { errorsOf, type FieldErrors, splitErrors } from '../form/field-errors.ts';
import { FieldErrorsContext } from '../form/stage.context.ts';
import { useFormFocus } from '../form/use-form-focus.ts';
import { useMessages } from '../messages/messages.ts';
import { Dialog } from './dialog.tsx';
import type { Change } from './outcome.ts';
import { useChange } from './use-change.ts';

type FormDialogProps = {
  readonly title: string;
  readonly isWide?: boolean;
  /** Names of the fields that show their own errors. */
  readonly fields: readonly string[];
  readonly submitLabel: string;
  /** What the browser does not find wrong by itself. */
  readonly check?: (form: FormData) => FieldErrors;
  readonly send: (form: FormData) => Promise<Change>;
  readonly onDone: (body: unknown) => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
};

/** A few fields on top of the page. What is wrong with one is said at the field. */
export function FormDialog(props: FormDialogProps) {
  const { title, isWide, fields, submitLabel, check, send, onDone, onClose, children } = props;
  const messages = useMessages();
  const form = useRef<HTMLFormElement>(null);
  const [found, setFound] = useState<FieldErrors>();
  const { busy, refused, outcomes, run } = useChange(onDone);
  const { byField, general } = useMemo(
    () => splitErrors(refused?.errors, new Set(fields), messages),
    [refused, fields, messages],
  );
  useFormFocus(form, outcomes, found);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const controls = Array.from(event.currentTarget.elements) as HTMLInputElement[];
    const errors = { ...check?.(data), ...errorsOf(controls, messages) };
    const isWrong = Object.keys(errors).length > 0;
    setFound(isWrong ? errors : undefined);
    if (!isWrong) void run(() => send(data));
  };

  return (
    <Dialog title={title} isWide={isWide} onClose={onClose}>
      <FieldErrorsContext value={found ?? byField}>
        <Form ref={form} className="po-form" noValidate onSubmit={submit}>
          <AnswerAlerts failure={refused?.failure} sentences={found ? [] : general} />
          {children}
          <div className="po-dialog-actions">
            <Button type="submit" isLoading={busy} isAriaDisabled={busy} spinnerAriaLabel={messages.loading}>
              {submitLabel}
            </Button>
            <Button variant="link" onClick={onClose}>
              {messages.settings.cancel}
            </Button>
          </div>
        </Form>
      </FieldErrorsContext>
    </Dialog>
  );
}
