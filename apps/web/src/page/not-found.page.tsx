import { Button } from '@patternfly/react-core';
import { useMessages } from '../messages/messages.ts';
import { Notice } from './notice.tsx';
import { StagePage } from './stage-page.tsx';

/** For an address that these pages do not have. */
export function NotFoundPage() {
  const messages = useMessages();
  return (
    <StagePage>
      <Notice title={messages.notFoundTitle}>
        <p>{messages.notFoundHint}</p>
        <Button component="a" href="/" variant="secondary" size="lg" isBlock>
          {messages.toStart}
        </Button>
      </Notice>
    </StagePage>
  );
}
