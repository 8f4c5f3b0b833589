import { Button } from '@patternfly/react-core';
import { type MouseEvent, useEffect, useMemo, useState } from 'react';
import { useBrand } from '../brand/brand.ts';
import { safeTarget } from '../executor/navigation.ts';
import { useMessages } from '../messages/messages.ts';
import { Notice } from '../page/notice.tsx';
import { Person } from '../page/person.tsx';
import { StagePage } from '../page/stage-page.tsx';
import { Waiting } from '../page/waiting.tsx';
import type { Application } from '../portal/portal.client.ts';
import { createSessionEndClient, type Departure, SIGN_OUT } from './session-end.client.ts';

/**
 * `/if/session-end/<application>/`: where an application sends people who sign out of it. The session here ends only by their own click, and
 * nothing of the address is followed or shown: it may come from anywhere.
 */
export function SessionEndPage({ slug }: { readonly slug: string }) {
  const client = useMemo(() => createSessionEndClient({ fetch: (...request) => fetch(...request) }), []);
  const [departure, setDeparture] = useState<Departure>();
  useEffect(() => {
    void client.load(slug).then(setDeparture);
  }, [client, slug]);
  const leave = (event: MouseEvent) => {
    event.preventDefault();
    void client.end(slug, window.location.search).then((to) => {
      window.location.assign(safeTarget(to, document.baseURI) ?? SIGN_OUT);
    });
  };
  return (
    <StagePage busy={!departure}>
      {departure ? (
        departure.me ? (
          <StillSignedIn {...departure} onLeave={leave} />
        ) : (
          <SignedOut {...departure} />
        )
      ) : (
        <Waiting />
      )}
    </StagePage>
  );
}

type Staying = Departure & { readonly onLeave: (event: MouseEvent) => void };

function StillSignedIn({ me, application, onLeave }: Staying) {
  const messages = useMessages();
  const { title } = useBrand();
  return (
    <Notice title={messages.leftApplication(application?.name)} lead={messages.stillSignedIn(title)}>
      {me && <Person user={me.username} avatar={me.avatar} />}
      <div className="po-actions">
        <Button component="a" href={SIGN_OUT} onClick={onLeave} size="lg" isBlock>
          {messages.signOutOf(title)}
        </Button>
        <BackLink application={application} />
        <Button component="a" href="/if/user/" variant="link">
          {messages.portalTitle}
        </Button>
      </div>
    </Notice>
  );
}

function SignedOut({ application }: Departure) {
  const messages = useMessages();
  return (
    <Notice title={messages.signedOut} lead={messages.signedOutHint}>
      <div className="po-actions">
        <BackLink application={application} />
        <Button component="a" href="/if/user/" variant="secondary" size="lg" isBlock>
          {messages.signInAgain}
        </Button>
      </div>
    </Notice>
  );
}

function BackLink({ application }: { readonly application: Application | undefined }) {
  const { backToApplication } = useMessages();
  const target = safeTarget(application?.launchUrl ?? '', document.baseURI);
  if (target === undefined) return null;
  return (
    <Button component="a" href={target} variant="secondary" size="lg" isBlock>
      {backToApplication}
    </Button>
  );
}
