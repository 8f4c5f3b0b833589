import { Alert } from '@patternfly/react-core';
import type { EmailChallenge } from '../executor/challenge.types.ts';
import { StageContext, useStage } from '../form/stage.context.ts';
import { StageForm } from '../form/stage-form.tsx';
import { useMessages } from '../messages/messages.ts';
import { Heading } from '../page/heading.tsx';
import { StartOver } from './start-over.tsx';

const FIELDS: readonly string[] = [];

/** A mail is on its way. Every answer sends another one, and the server tells so by an error of this code. */
export function EmailStage({ challenge }: { readonly challenge: EmailChallenge }) {
  const messages = useMessages();
  const stage = useStage();
  const general = challenge.response_errors?.non_field_errors ?? [];
  const wasSent = general.some(({ code }) => code === 'email-sent');
  return (
    <>
      <Heading title={messages.emailTitle} lead={messages.emailLead} />
      {wasSent && (
        <div role="status">
          <Alert isInline variant="success" title={messages.emailSent} component="p" />
        </div>
      )}
      <StageContext value={wasSent ? { ...stage, errors: undefined } : stage}>
        <StageForm fields={FIELDS} submitLabel={messages.emailAgain} collect={() => ({})}>
          <p className="po-lead">{messages.emailHint}</p>
        </StageForm>
      </StageContext>
      <StartOver />
    </>
  );
}
