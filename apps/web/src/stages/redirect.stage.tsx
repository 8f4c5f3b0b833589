import { useEffect } from 'react';
import type { RedirectChallenge } from '../executor/challenge.types.ts';
import { safeTarget } from '../executor/navigation.ts';
import { useMessages } from '../messages/messages.ts';
import { leave } from '../page/leave.ts';
import { Notice } from '../page/notice.tsx';
import { Waiting } from '../page/waiting.tsx';

/** The flow is done, or goes on elsewhere. The link is for application schemes that leave this page where it is. */
export function RedirectStage({ challenge }: { readonly challenge: RedirectChallenge }) {
  const messages = useMessages();
  const target = safeTarget(challenge.to, document.baseURI);
  useEffect(() => {
    leave(challenge.to);
  }, [challenge.to]);
  if (target === undefined) return <Notice title={messages.leavingRefused} isAlert />;
  return (
    <Notice title={messages.leaving}>
      <Waiting />
      <a className="po-quiet" href={target}>
        {messages.leavingHint}
      </a>
    </Notice>
  );
}
