import { Alert, Button } from '@patternfly/react-core';
import type { AccessDeniedChallenge } from '../executor/challenge.types.ts';
import { serverText } from '../form/field-errors.ts';
import { useMessages } from '../messages/messages.ts';
import { Notice } from '../page/notice.tsx';
import { StartOver } from './start-over.tsx';
import { UserLine } from './user-line.tsx';

/** The end: this person may not go on. */
export function AccessDeniedStage({ challenge }: { readonly challenge: AccessDeniedChallenge }) {
  const messages = useMessages();
  const reason = challenge.error_message ? serverText(challenge.error_message, messages) : messages.accessDeniedReason;
  return (
    <Notice title={messages.accessDenied} isAlert>
      <Alert isInline variant="danger" component="p" title={reason} />
      <UserLine user={challenge.pending_user} avatar={challenge.pending_user_avatar} />
      <div className="po-actions">
        <Button component="a" href="/" variant="secondary" size="lg" isBlock>
          {messages.toStart}
        </Button>
        {challenge.pending_user === '' && <StartOver />}
      </div>
    </Notice>
  );
}
