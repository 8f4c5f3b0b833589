import { Button } from '@patternfly/react-core';
import type { IdentificationChallenge, LoginSource } from '../../executor/challenge.types.ts';
import { safeTarget } from '../../executor/navigation.ts';
import type { PlexChallenge, SourceChallenge } from '../../executor/source.types.ts';
import { useMessages } from '../../messages/messages.ts';
import { appleAddress } from './apple.address.ts';

type SourceListProps = {
  readonly challenge: IdentificationChallenge;
  /** Plex is a step of these pages; the others are addresses. */
  readonly choosePlex: (challenge: PlexChallenge) => void;
};

/** Other places to sign in with. With labels a button each; without, a row of icons that are named all the same. */
export function SourceList({ challenge, choosePlex }: SourceListProps) {
  const messages = useMessages();
  const sources = challenge.sources.filter((source) => source.challenge !== undefined);
  if (sources.length === 0) return null;
  const iconsOnly = !challenge.show_source_labels && sources.every((source) => source.icon_url);
  return (
    <div className="po-sources" data-icons={iconsOnly}>
      {challenge.user_fields.length > 0 && (
        <p className="po-or">
          <span>{messages.orContinueWith}</span>
        </p>
      )}
      <ul>
        {sources.map((source) => (
          <li key={source.name}>
            <SourceButton source={source} iconOnly={iconsOnly} choosePlex={choosePlex} />
          </li>
        ))}
      </ul>
    </div>
  );
}

type SourceButtonProps = {
  readonly source: LoginSource;
  readonly iconOnly: boolean;
  readonly choosePlex: (challenge: PlexChallenge) => void;
};

function SourceButton({ source, iconOnly, choosePlex }: SourceButtonProps) {
  const label = useMessages().continueWith(source.name);
  const icon = source.icon_url ? <img className="po-source-icon" src={source.icon_url} alt="" /> : undefined;
  const { challenge } = source;
  const way =
    challenge?.component === 'ak-source-plex'
      ? { onClick: () => choosePlex(challenge) }
      : { component: 'a' as const, href: addressOf(challenge) };
  return (
    <Button
      {...way}
      variant="secondary"
      size="lg"
      isBlock
      icon={icon}
      {...(iconOnly && { 'aria-label': label, title: label })}
    >
      {iconOnly ? undefined : label}
    </Button>
  );
}

/** Where the browser goes for a source; undefined for one that is a step of these pages. */
export function addressOf(challenge: SourceChallenge | undefined): string | undefined {
  if (challenge?.component === 'ak-source-oauth-apple') return appleAddress(challenge);
  return challenge?.component === 'xak-flow-redirect' ? safeTarget(challenge.to, document.baseURI) : undefined;
}
