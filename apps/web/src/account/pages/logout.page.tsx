import { Button } from '@patternfly/react-core';
import { useState } from 'react';
import { useMessages } from '../../messages/messages.ts';
import { useAccount } from '../account.context.ts';
import { useAccountWords } from '../messages/account.messages.ts';
import { End, Step } from '../step.tsx';

/** Asks before it signs somebody out: a link from anywhere may lead here. */
export function LogoutPage() {
  const { request, who } = useAccount();
  const { signOut, signedOut, signedOutHint, portalSignedInAs } = useMessages();
  const { logout } = useAccountWords();
  const [busy, setBusy] = useState(false);
  if (!who.user) return <End title={signedOut} hint={signedOutHint} />;
  return (
    <Step title={logout.title} lead={portalSignedInAs(who.user.display)}>
      <Button
        size="lg"
        isBlock
        isAriaDisabled={busy}
        onClick={() => {
          setBusy(true);
          void request('DELETE', '/auth/session').then(() => setBusy(false));
        }}
      >
        {signOut}
      </Button>
    </Step>
  );
}
