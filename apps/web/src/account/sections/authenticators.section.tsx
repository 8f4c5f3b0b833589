import { useState } from 'react';
import { SaidAlert, useSaid } from '../../settings/said.tsx';
import { useAccount } from '../account.context.ts';
import { type AuthenticatorAction, AuthenticatorDialog } from './authenticator.dialog.tsx';
import { AppPanel, CodesPanel, KeysPanel } from './authenticator.panels.tsx';
import { decodeAuthenticator } from './authenticator.ts';
import { SectionTitle } from './section-title.tsx';
import { ListView, useList } from './use-list.tsx';

/** What somebody has beside their password. */
export function AuthenticatorsSection() {
  const { config } = useAccount();
  const loaded = useList('/account/authenticators', decodeAuthenticator);
  const { said, say } = useSaid();
  const [action, setAction] = useState<AuthenticatorAction>();
  const settle = (text?: string) => {
    setAction(undefined);
    if (text) say(text);
    void loaded.refresh();
  };
  const isOffered = (type: string) => config.factors.includes(type);
  return (
    <>
      <SectionTitle section="authenticators" />
      <SaidAlert said={said} />
      <ListView loaded={loaded}>
        {(all) => (
          <>
            {isOffered('totp') && <AppPanel all={all} act={setAction} />}
            {isOffered('webauthn') && <KeysPanel all={all} act={setAction} />}
            {isOffered('recovery_codes') && <CodesPanel all={all} act={setAction} />}
          </>
        )}
      </ListView>
      {action && <AuthenticatorDialog action={action} onNext={setAction} onDone={settle} onClose={() => settle()} />}
    </>
  );
}
