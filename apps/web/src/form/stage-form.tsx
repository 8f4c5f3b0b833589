import { Button, Form } from '@patternfly/react-core';
import { type FormEvent, type ReactNode, useMemo, useRef, useState } from 'react';
import type { Answer } from '../executor/challenge.types.ts';
import { useMessages } from '../messages/messages.ts';
import { HEADING_ID } from '../page/heading.tsx';
import { AnswerAlerts } from './answer-alerts.tsx';
import { errorsOf, type FieldErrors, splitErrors } from './field-errors.ts';
import { FieldErrorsContext, useStage } from './stage.context.ts';
import { useFormFocus } from './use-form-focus.ts';

type StageFormProps = {
  readonly children?: ReactNode;
  /** Names of the fields that show their own errors. */
  readonly fields: readonly string[];
  /** Makes the answer; undefined when there is none to send, or it was sent already. */
  readonly collect: (form: FormData) => Answer | undefined | Promise<Answer | undefined>;
  readonly submitLabel: string;
  /** The button waits for something other than the server. */
  readonly isWorking?: boolean;
  /** Replaces the single button. */
  readonly actions?: ReactNode;
};

/** One answer to one challenge: checks, sends, and moves focus to what needs attention. */
export function StageForm({ children, fields, collect, submitLabel, isWorking, actions }: StageFormProps) {
  const messages = useMessages();
  const stage = useStage();
  const form = useRef<HTMLFormElement>(null);
  const [found, setFound] = useState<FieldErrors>();
  const { byField, general } = useMemo(
    () => splitErrors(stage.errors, new Set(fields), messages),
    [stage.errors, fields, messages],
  );
  useFormFocus(form, stage.outcomes, found);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (stage.busy || isWorking) return;
    const controls = Array.from(event.currentTarget.elements) as HTMLInputElement[];
    const data = new FormData(event.currentTarget, (event.nativeEvent as SubmitEvent).submitter);
    const errors = errorsOf(controls, messages);
    setFound(Object.keys(errors).length > 0 ? errors : undefined);
    const answer = Object.keys(errors).length === 0 ? await collect(data) : undefined;
    if (answer) stage.answer(answer);
  };

  return (
    <FieldErrorsContext value={found ?? byField}>
      <Form ref={form} className="po-form" aria-labelledby={HEADING_ID} onSubmit={(event) => void submit(event)}>
        <AnswerAlerts failure={stage.failure} sentences={found ? [] : general} />
        {children}
        {actions ?? <SubmitButton label={submitLabel} isWorking={isWorking} />}
      </Form>
    </FieldErrorsContext>
  );
}

/** Stays focusable while busy, so that the keyboard does not lose its place. */
export function SubmitButton({ label, isWorking = false }: { readonly label: string; readonly isWorking?: boolean }) {
  const stage = useStage();
  const busy = stage.busy || isWorking;
  const { loading } = useMessages();
  return (
    <Button
      type="submit"
      variant="primary"
      size="lg"
      isBlock
      isLoading={busy}
      isAriaDisabled={busy}
      spinnerAriaLabel={loading}
    >
      {label}
    </Button>
  );
}
