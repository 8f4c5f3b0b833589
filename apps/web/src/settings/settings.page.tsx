import { useCallback, useEffect, useMemo } from 'react';
import { browserApi } from '../api/api.client.ts';
import { leave } from '../page/leave.ts';
import { StagePage } from '../page/stage-page.tsx';
import { Waiting } from '../page/waiting.tsx';
import { PersonFrame } from '../portal/person-frame.tsx';
import { decodePerson, type Person } from '../portal/portal.client.ts';
import { signInAddress } from '../portal/sign-in.address.ts';
import type { Section } from '../portal/user.route.ts';
import { ConsentsSection } from './consents.section.tsx';
import { readOne } from './outcome.ts';
import { ProfileSection } from './profile.section.tsx';
import { SessionsSection } from './sessions.section.tsx';
import { type Settings, SettingsContext } from './settings.context.ts';
import { SettingsNav } from './settings-nav.tsx';
import { SignInSection } from './sign-in.section.tsx';
import { SourcesSection } from './sources.section.tsx';
import { TokensSection } from './tokens.section.tsx';
import { TroubleNotice } from './trouble.tsx';
import { useLoad } from './use-load.ts';

type SettingsPageProps = { readonly section: Section };

/** `/if/user/#/settings`: what a person may see and change about their own account. */
export function SettingsPage({ section }: SettingsPageProps) {
  const api = useMemo(browserApi, []);
  const load = useCallback(() => readOne(api, '/api/v3/core/users/me/', decodePerson), [api]);
  const { outcome, refresh, retry } = useLoad(load);
  const signedOut = outcome !== undefined && 'trouble' in outcome && outcome.trouble === 'refused';
  useEffect(() => {
    if (signedOut) leave(signInAddress(window.location));
  }, [signedOut]);

  if (outcome && 'value' in outcome)
    return <SettingsView person={outcome.value} api={api} refreshPerson={refresh} section={section} />;
  return (
    <StagePage busy={!outcome || signedOut}>
      {outcome && !signedOut ? <TroubleNotice trouble={outcome.trouble} retry={retry} /> : <Waiting />}
    </StagePage>
  );
}

type SettingsViewProps = SettingsPageProps & Omit<Settings, keyof Person> & { readonly person: Person };

function SettingsView({ person, api, refreshPerson, section }: SettingsViewProps) {
  const settings = useMemo(() => ({ ...person, api, refreshPerson }), [person, api, refreshPerson]);
  return (
    <PersonFrame {...person}>
      <main className="po-settings">
        <SettingsNav section={section} />
        <SettingsContext value={settings}>
          <div className="po-settings-section" key={section}>
            <SectionView section={section} />
          </div>
        </SettingsContext>
      </main>
    </PersonFrame>
  );
}

function SectionView({ section }: SettingsPageProps) {
  switch (section) {
    case 'page-details':
      return <ProfileSection />;
    case 'page-mfa':
      return <SignInSection />;
    case 'page-sessions':
      return <SessionsSection />;
    case 'page-consents':
      return <ConsentsSection />;
    case 'page-tokens':
      return <TokensSection />;
    case 'page-sources':
      return <SourcesSection />;
  }
}
