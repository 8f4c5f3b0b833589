import { Spinner } from '@patternfly/react-core';
import { useMessages } from '../messages/messages.ts';

/** Appears after a moment, so that a quick answer shows no spinner at all. */
export function Waiting() {
  const { loading } = useMessages();
  return (
    <div className="po-waiting">
      <Spinner size="lg" aria-label={loading} />
    </div>
  );
}
