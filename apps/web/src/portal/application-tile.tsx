import ExternalLinkAltIcon from '@patternfly/react-icons/dist/esm/icons/external-link-alt-icon';
import { safeTarget } from '../executor/navigation.ts';
import { useMessages } from '../messages/messages.ts';
import type { Application } from './portal.client.ts';

/** One application: a link when it can be launched, else a plain card. */
export function ApplicationTile({ application }: { readonly application: Application }) {
  const { opensInNewTab } = useMessages();
  const { name, description, publisher, launchUrl = '', newTab } = application;
  const target = safeTarget(launchUrl, document.baseURI);
  return (
    <article className="po-tile">
      <TileIcon application={application} />
      <div>
        <p className="po-tile-name">
          {target === undefined ? (
            name
          ) : (
            <a href={target} {...(newTab && { target: '_blank', rel: 'noreferrer' })}>
              {name}
              {newTab && <span className="po-visually-hidden"> ({opensInNewTab})</span>}
            </a>
          )}
        </p>
        {(description || publisher) && <p className="po-tile-text">{description || publisher}</p>}
      </div>
      {newTab && target !== undefined && <ExternalLinkAltIcon className="po-tile-hint" />}
    </article>
  );
}

function TileIcon({ application: { icon, name } }: { readonly application: Application }) {
  if (icon) return <img className="po-tile-icon" src={icon} alt="" />;
  return (
    <span className="po-tile-icon" aria-hidden="true">
      {name.charAt(0).toLocaleUpperCase()}
    </span>
  );
}
