import { Button } from '@patternfly/react-core';
import type { FlowErrorChallenge } from '../executor/challenge.types.ts';
import { useStage } from '../form/stage.context.ts';
import { useMessages } from '../messages/messages.ts';
import { Notice } from '../page/notice.tsx';
import { StartOver } from './start-over.tsx';

/** A stage broke. The plan is kept by the server, so trying again is worth a click. */
export function FlowErrorStage({ challenge }: { readonly challenge: FlowErrorChallenge }) {
  const messages = useMessages();
  const { reload } = useStage();
  const details = [challenge.error, challenge.traceback].filter(Boolean).join('\n\n');
  return (
    <Notice title={messages.flowError} isAlert>
      <p>
        {messages.flowErrorHint} <code className="po-code">{challenge.request_id}</code>
      </p>
      {details !== '' && (
        <details className="po-details">
          <summary>{messages.errorDetails}</summary>
          <pre>{details}</pre>
        </details>
      )}
      <div className="po-actions">
        <Button size="lg" isBlock onClick={reload}>
          {messages.tryAgain}
        </Button>
        <StartOver />
      </div>
    </Notice>
  );
}
