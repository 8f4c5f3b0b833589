import { Button } from '@patternfly/react-core';
import { useCallback, useState } from 'react';
import { useMessages } from '../messages/messages.ts';
import { ConfirmDialog } from './confirm.dialog.tsx';
import { type Consent, decodeConsent } from './consent.ts';
import { Empty, Item, ItemList } from './item-list.tsx';
import { change, readPages } from './outcome.ts';
import { SaidAlert, useSaid } from './said.tsx';
import { SectionHeading } from './section-heading.tsx';
import { useSettings } from './settings.context.ts';
import { LoadedView } from './trouble.tsx';
import { useLoad } from './use-load.ts';
import { When } from './when.tsx';

const CONSENTS = '/api/v3/core/user_consent/';

/** What somebody has allowed applications, until they revoke it. */
export function ConsentsSection() {
  const { api, me } = useSettings();
  const { consents: words } = useMessages().settings;
  const { said, say } = useSaid();
  const [revoking, setRevoking] = useState<Consent>();
  const load = useCallback(() => readPages(api, `${CONSENTS}?user=${me.pk}`, decodeConsent), [api, me.pk]);
  const loaded = useLoad(load);
  const done = () => {
    setRevoking(undefined);
    say(words.revoked);
    void loaded.refresh();
  };
  return (
    <>
      <SectionHeading section="page-consents" />
      <SaidAlert said={said} />
      <LoadedView loaded={loaded}>
        {(consents) =>
          consents.length === 0 ? (
            <Empty title={words.none} hint={words.noneHint} />
          ) : (
            <div className="po-panel">
              <ItemList>
                {consents.map((consent) => (
                  <ConsentItem key={consent.pk} consent={consent} revoke={() => setRevoking(consent)} />
                ))}
              </ItemList>
            </div>
          )
        }
      </LoadedView>
      {revoking && (
        <ConfirmDialog
          title={words.revokeTitle(revoking.application)}
          hint={words.revokeHint}
          confirmLabel={words.revoke}
          act={() => change(api, 'DELETE', `${CONSENTS}${revoking.pk}/`)}
          onDone={done}
          onClose={() => setRevoking(undefined)}
        />
      )}
    </>
  );
}

function ConsentItem({ consent, revoke }: { readonly consent: Consent; readonly revoke: () => void }) {
  const { settings, permissions: known } = useMessages();
  const { consents: words } = settings;
  const { application, icon, permissions, expires } = consent;
  const allowed = permissions.map((name) => (Object.hasOwn(known, name) ? known[name] : name)).join(' · ');
  return (
    <Item
      icon={icon ? <img src={icon} alt="" /> : application.charAt(0).toLocaleUpperCase()}
      title={application}
      lines={[
        allowed || words.nothing,
        expires ? <When key="expires" time={expires} say={words.expires} /> : words.forever,
      ]}
      actions={
        <Button variant="link" isDanger aria-label={words.revokeOf(application)} onClick={revoke}>
          {words.revoke}
        </Button>
      }
    />
  );
}
