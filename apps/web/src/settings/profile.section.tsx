import { Button } from '@patternfly/react-core';
import { useCallback, useState } from 'react';
import { optionalText, wireOf } from '../executor/wire.codec.ts';
import { useMessages } from '../messages/messages.ts';
import { FlowPanel, type FlowStart } from './flow-panel.tsx';
import { readOne } from './outcome.ts';
import { SaidAlert, useSaid } from './said.tsx';
import { SectionHeading } from './section-heading.tsx';
import { useSettings } from './settings.context.ts';
import { LoadedView } from './trouble.tsx';
import { useLoad } from './use-load.ts';

/** What is known about a person, and the brand's flow to change it. */
export function ProfileSection() {
  const { api, refreshPerson } = useSettings();
  const { profile } = useMessages().settings;
  const { said, say } = useSaid();
  const [flow, setFlow] = useState<FlowStart>();
  const load = useCallback(() => readOne(api, '/api/v3/core/brands/current/', decodeFlows), [api]);
  const loaded = useLoad(load);
  const begin = (slug: string) => {
    say('');
    setFlow({ slug });
  };
  const done = () => {
    setFlow(undefined);
    say(profile.saved);
    void refreshPerson();
  };
  return (
    <>
      <SectionHeading section="page-details" />
      <SaidAlert said={said} />
      {flow ? (
        <FlowPanel start={flow} onDone={done} onCancel={() => setFlow(undefined)} />
      ) : (
        <div className="po-panel">
          <ProfileCard />
          <LoadedView loaded={loaded}>
            {({ change, leave }) => (
              <>
                {change === undefined && <p className="po-lead">{profile.fixed}</p>}
                <div className="po-panel-actions">
                  {change !== undefined && (
                    <Button variant="secondary" onClick={() => begin(change)}>
                      {profile.edit}
                    </Button>
                  )}
                  {leave !== undefined && (
                    <Button component="a" href={`/if/flow/${encodeURIComponent(leave)}/`} variant="link" isDanger>
                      {profile.leave}
                    </Button>
                  )}
                </div>
              </>
            )}
          </LoadedView>
        </div>
      )}
    </>
  );
}

/** The brand's flows to change what is known, and to leave for good. */
function decodeFlows(brand: unknown) {
  const wire = wireOf(brand);
  return { change: optionalText(wire, 'flow_user_settings'), leave: optionalText(wire, 'flow_unenrollment') };
}

function ProfileCard() {
  const { me } = useSettings();
  const { profile } = useMessages().settings;
  const facts = [
    [profile.username, me.username],
    [profile.name, me.name],
    [profile.email, me.email],
  ] as const;
  return (
    <div className="po-profile">
      {me.avatar !== '' && <img className="po-profile-picture" src={me.avatar} alt="" />}
      <dl>
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value || <span className="po-quiet">{profile.none}</span>}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
