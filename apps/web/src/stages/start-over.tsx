import { Button } from '@patternfly/react-core';
import { useStage } from '../form/stage.context.ts';
import { useMessages } from '../messages/messages.ts';

/** Leaves the flow: the server forgets where it was. */
export function StartOver() {
  const { startOver } = useMessages();
  const { flowInfo } = useStage();
  return (
    <Button component="a" href={flowInfo.cancel_url} variant="link">
      {startOver}
    </Button>
  );
}
