import { Alert, Button } from '@patternfly/react-core';
import type { PlexChallenge } from '../../executor/source.types.ts';
import { useMessages } from '../../messages/messages.ts';
import { Heading } from '../../page/heading.tsx';
import { StartOver } from '../start-over.tsx';
import { usePlex } from './use-plex.ts';

type PlexStageProps = {
  readonly challenge: PlexChallenge;
  /** Back to the other ways to sign in, where there are any. */
  readonly back?: () => void;
};

/** Sign-in at Plex, in a window of its own. */
export function PlexStage({ challenge, back }: PlexStageProps) {
  const messages = useMessages();
  const { state, begin } = usePlex(challenge);
  const isWaiting = state === 'waiting' || state === 'leaving';
  const trouble = state === 'blocked' || state === 'denied' || state === 'failed' ? messages.plexTrouble[state] : '';
  return (
    <>
      <Heading title={messages.continueWith('Plex')} lead={messages.plexLead} focus />
      {trouble !== '' && (
        <div role="alert">
          <Alert isInline variant="danger" title={trouble} component="p" />
        </div>
      )}
      {isWaiting && (
        <p className="po-waits" role="status">
          {messages.plexWaiting}
        </p>
      )}
      <div className="po-actions">
        <Button size="lg" isBlock isLoading={isWaiting} isAriaDisabled={isWaiting} onClick={() => void begin()}>
          {messages.continueWith('Plex')}
        </Button>
        {back ? (
          <Button variant="link" onClick={back}>
            {messages.back}
          </Button>
        ) : (
          <StartOver />
        )}
      </div>
    </>
  );
}
