import { Alert } from '@patternfly/react-core';
import type { Failure } from '../executor/executor.client.ts';
import { type Messages, useMessages } from '../messages/messages.ts';

/** Title and advice for each way in which no challenge came back. */
export function failureTexts(failure: Failure, messages: Messages): { title: string; hint: string } {
  switch (failure) {
    case 'network':
      return { title: messages.networkTitle, hint: messages.networkHint };
    case 'server':
      return { title: messages.serverTitle, hint: messages.serverHint };
    case 'protocol':
      return { title: messages.protocolTitle, hint: messages.protocolHint };
    case 'not-found':
      return { title: messages.notFoundTitle, hint: messages.notFoundHint };
  }
}

/** Says above a form that its answer did not arrive. What was typed stays. */
export function FailureAlert({ failure }: { readonly failure: Failure }) {
  const { title, hint } = failureTexts(failure, useMessages());
  return (
    <div role="alert">
      <Alert isInline variant="warning" title={title} component="p">
        {hint}
      </Alert>
    </div>
  );
}
