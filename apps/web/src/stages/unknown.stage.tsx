import type { UnknownChallenge } from '../executor/challenge.types.ts';
import { useMessages } from '../messages/messages.ts';
import { Notice } from '../page/notice.tsx';
import { StartOver } from './start-over.tsx';

/** Says so, rather than showing an empty card. */
export function UnknownStage({ challenge }: { readonly challenge: UnknownChallenge }) {
  const messages = useMessages();
  return (
    <Notice title={messages.unknownStep} isAlert>
      <p>
        {messages.unknownStepHint} <code className="po-code">{challenge.name}</code>
      </p>
      <StartOver />
    </Notice>
  );
}
