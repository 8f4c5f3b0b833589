import { Button } from '@patternfly/react-core';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { failureTexts } from '../form/failure-alert.tsx';
import { useMessages } from '../messages/messages.ts';
import { Heading } from '../page/heading.tsx';
import { leave } from '../page/leave.ts';
import { Nothing } from '../page/nothing.tsx';
import { Notice } from '../page/notice.tsx';
import { StagePage } from '../page/stage-page.tsx';
import { Waiting } from '../page/waiting.tsx';
import { SearchableApplications } from './application-search.tsx';
import { PersonFrame } from './person-frame.tsx';
import { createPortalClient, type Portal, type PortalOutcome } from './portal.client.ts';
import { signInAddress } from './sign-in.address.ts';

/** `/if/user/`: who is signed in, and where they can go. */
export function PortalPage() {
  const client = useMemo(() => createPortalClient({ fetch: (...request) => fetch(...request) }), []);
  const [outcome, setOutcome] = useState<PortalOutcome>();
  const load = useCallback(() => {
    setOutcome(undefined);
    void client.load().then(setOutcome);
  }, [client]);
  useEffect(load, [load]);
  const signedOut = outcome !== undefined && 'failure' in outcome && outcome.failure === 'signed-out';
  useEffect(() => {
    if (signedOut) leave(signInAddress(window.location));
  }, [signedOut]);

  if (outcome && 'portal' in outcome) return <PortalView portal={outcome.portal} />;
  return (
    <StagePage busy={!outcome}>
      {outcome && outcome.failure !== 'signed-out' ? <Failed failure={outcome.failure} retry={load} /> : <Waiting />}
    </StagePage>
  );
}

function Failed({ failure, retry }: { readonly failure: 'network' | 'server'; readonly retry: () => void }) {
  const messages = useMessages();
  const { title, hint } = failureTexts(failure, messages);
  return (
    <Notice title={title} isAlert>
      <p>{hint}</p>
      <Button size="lg" isBlock onClick={retry}>
        {messages.tryAgain}
      </Button>
    </Notice>
  );
}

function PortalView({ portal: { applications, ...person } }: { readonly portal: Portal }) {
  const messages = useMessages();
  const { me } = person;
  return (
    <PersonFrame {...person}>
      <main>
        <Heading title={messages.portalTitle} lead={messages.portalSignedInAs(me.name || me.username)} />
        {applications.length > 0 ? (
          <SearchableApplications applications={applications} />
        ) : (
          <Nothing title={messages.noApplications} hint={messages.noApplicationsHint} />
        )}
      </main>
    </PersonFrame>
  );
}
