import { Button } from '@patternfly/react-core';
import UserSecretIcon from '@patternfly/react-icons/dist/esm/icons/user-secret-icon';
import { useState } from 'react';
import { browserApi, isOk } from '../api/api.client.ts';
import { useMessages } from '../messages/messages.ts';
import type { Me } from './portal.client.ts';

/** Reminds somebody that they act as another person, and ends it. */
export function ImpersonationBanner({ me }: { readonly me: Me }) {
  const { settings, loading } = useMessages();
  const { impersonation } = settings;
  const [state, setState] = useState<'idle' | 'busy' | 'failed'>('idle');
  const stop = async () => {
    setState('busy');
    const answer = await browserApi().get('/api/v3/core/users/impersonate_end/');
    if (!isOk(answer)) return setState('failed');
    // What is on the page belongs to the other person: it starts anew.
    window.location.assign('/if/user/');
  };
  return (
    <section className="po-banner" aria-label={impersonation.label}>
      <UserSecretIcon />
      <p role={state === 'failed' ? 'alert' : undefined}>
        {state === 'failed' ? impersonation.failed : impersonation.actingAs(me.name || me.username)}
      </p>
      <Button
        variant="secondary"
        isLoading={state === 'busy'}
        isAriaDisabled={state === 'busy'}
        spinnerAriaLabel={loading}
        onClick={() => void stop()}
      >
        {impersonation.stop}
      </Button>
    </section>
  );
}
