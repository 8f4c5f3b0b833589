import { Button } from '@patternfly/react-core';
import LinkIcon from '@patternfly/react-icons/dist/esm/icons/link-icon';
import { useCallback } from 'react';
import { safeWebTarget } from '../executor/navigation.ts';
import { useMessages } from '../messages/messages.ts';
import { Empty, Item, ItemList } from './item-list.tsx';
import { type Outcome, readArray } from './outcome.ts';
import { SectionHeading } from './section-heading.tsx';
import { useSettings } from './settings.context.ts';
import { decodeSetup, type Setup } from './setup.ts';
import { LoadedView } from './trouble.tsx';
import { useLoad } from './use-load.ts';

/** Accounts elsewhere that can be connected. An installation that knows of none has nothing to connect. */
export function SourcesSection() {
  const { api } = useSettings();
  const { sources: words } = useMessages().settings;
  const load = useCallback(async (): Promise<Outcome<readonly Setup[]>> => {
    const outcome = await readArray(api, '/api/v3/sources/all/user_settings/', decodeSetup);
    return 'trouble' in outcome && outcome.trouble === 'missing' ? { value: [] } : outcome;
  }, [api]);
  const loaded = useLoad(load);
  return (
    <>
      <SectionHeading section="page-sources" />
      <LoadedView loaded={loaded}>
        {(sources) =>
          sources.length === 0 ? (
            <Empty title={words.none} hint={words.noneHint} />
          ) : (
            <div className="po-panel">
              <ItemList>
                {sources.map((source) => (
                  <SourceItem key={source.uid} source={source} />
                ))}
              </ItemList>
            </div>
          )
        }
      </LoadedView>
    </>
  );
}

function SourceItem({ source: { title, icon, configureUrl = '' } }: { readonly source: Setup }) {
  const { sources: words } = useMessages().settings;
  const target = configureUrl === '' ? undefined : safeWebTarget(configureUrl, document.baseURI);
  return (
    <Item
      icon={icon ? <img src={icon} alt="" /> : <LinkIcon />}
      title={title}
      actions={
        target && (
          <Button component="a" href={target} variant="secondary" aria-label={words.connectTo(title)}>
            {words.connect}
          </Button>
        )
      }
    />
  );
}
