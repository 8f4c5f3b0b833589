import { useMemo } from 'react';
import type { PromptChallenge } from '../executor/challenge.types.ts';
import { promptAnswer } from '../form/answer.codec.ts';
import { useStage } from '../form/stage.context.ts';
import { StageForm } from '../form/stage-form.tsx';
import { useMessages } from '../messages/messages.ts';
import { Heading } from '../page/heading.tsx';
import { PromptControl } from './prompt-control.tsx';

/** Whatever an administrator wants to know, field by field. */
export function PromptStage({ challenge }: { readonly challenge: PromptChallenge }) {
  const messages = useMessages();
  const { flowInfo } = useStage();
  const { fields } = challenge;
  const names = useMemo(
    () => fields.filter((field) => field.type !== 'hidden').map((field) => field.field_key),
    [fields],
  );
  return (
    <>
      <Heading title={flowInfo.title} />
      <StageForm fields={names} submitLabel={messages.continue} collect={(form) => promptAnswer(fields, form)}>
        {fields.map((field) => (
          <PromptControl key={field.field_key} field={field} />
        ))}
      </StageForm>
    </>
  );
}
