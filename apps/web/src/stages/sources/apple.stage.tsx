import { Button } from '@patternfly/react-core';
import type { AppleChallenge } from '../../executor/source.types.ts';
import { useMessages } from '../../messages/messages.ts';
import { Notice } from '../../page/notice.tsx';
import { StartOver } from '../start-over.tsx';
import { appleAddress } from './apple.address.ts';

/** On to Apple, by a click: nothing of theirs is loaded here. */
export function AppleStage({ challenge }: { readonly challenge: AppleChallenge }) {
  const messages = useMessages();
  return (
    <Notice title={messages.continueWith('Apple')} lead={messages.appleLead}>
      <div className="po-actions">
        <Button component="a" href={appleAddress(challenge)} size="lg" isBlock>
          {messages.continueWith('Apple')}
        </Button>
        <StartOver />
      </div>
    </Notice>
  );
}
