import { useEffect, useState } from 'react';
import { useAccount } from './account.context.ts';

/** Whether people may sign up by a passkey. The configuration does not tell: the operation is there, or it is not. */
export function usePasskeySignup(): boolean {
  const { config, request } = useAccount();
  const [isOffered, setOffered] = useState(false);
  const mayBe = config.isOpen && config.hasPasskeys;
  useEffect(() => {
    if (mayBe) void request('GET', '/auth/webauthn/signup').then(({ status }) => setOffered(status === 409));
  }, [mayBe, request]);
  return isOffered;
}
