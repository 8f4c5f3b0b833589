import { Button } from '@patternfly/react-core';
import { useState } from 'react';
import { useMessages } from '../messages/messages.ts';
import { useAccount } from './account.context.ts';
import { useAccountWords } from './messages/account.messages.ts';

type State = 'idle' | 'busy' | 'sent' | 'refused' | 'soon';

/** Has a code sent again, where that is allowed. */
export function Resend({ path }: { readonly path: string }) {
  const { request } = useAccount();
  const { resend } = useAccountWords();
  const { sendAgain } = useMessages();
  const [state, setState] = useState<State>('idle');
  const send = async () => {
    setState('busy');
    const { status } = await request('POST', path);
    setState(status === 200 ? 'sent' : status === 429 ? 'soon' : 'refused');
  };
  return (
    <div className="po-resend">
      <p role="status">{state === 'idle' || state === 'busy' ? '' : resend[state]}</p>
      {state !== 'refused' && (
        <Button variant="link" isAriaDisabled={state === 'busy'} onClick={() => void send()}>
          {sendAgain}
        </Button>
      )}
    </div>
  );
}
