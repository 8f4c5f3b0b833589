import { Button } from '@patternfly/react-core';
import type { IdentificationChallenge, LoginSource } from '../executor/challenge.types.ts';
import { safeTarget } from '../executor/navigation.ts';
import { useMessages } from '../messages/messages.ts';

type SourcesProps = { readonly challenge: IdentificationChallenge };

/** Other places to sign in with. With labels a button each; without, a row of icons that are named all the same. */
export function Sources({ challenge }: SourcesProps) {
  const messages = useMessages();
  const sources = challenge.sources.filter((source) => source.to !== undefined);
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
            <SourceLink source={source} iconOnly={iconsOnly} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function SourceLink({ source, iconOnly }: { readonly source: LoginSource; readonly iconOnly: boolean }) {
  const label = useMessages().continueWith(source.name);
  const icon = source.icon_url ? <img className="po-source-icon" src={source.icon_url} alt="" /> : undefined;
  return (
    <Button
      component="a"
      href={safeTarget(source.to ?? '', document.baseURI)}
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
