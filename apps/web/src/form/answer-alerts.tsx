import { Alert } from '@patternfly/react-core';
import type { Failure } from '../executor/executor.client.ts';
import { FailureAlert } from './failure-alert.tsx';

type AnswerAlertsProps = { readonly failure?: Failure; readonly sentences: readonly string[] };

/** What is wrong with an answer as a whole: that it did not arrive, or what the server says of it. */
export function AnswerAlerts({ failure, sentences }: AnswerAlertsProps) {
  return (
    <>
      {failure && <FailureAlert failure={failure} />}
      {sentences.length > 0 && (
        <div role="alert">
          <Alert isInline variant="danger" title={sentences.join(' ')} component="p" />
        </div>
      )}
    </>
  );
}
