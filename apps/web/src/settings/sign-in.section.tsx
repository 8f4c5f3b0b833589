import { useCallback, useState } from 'react';
import { useMessages } from '../messages/messages.ts';
import { DevicesPanel } from './devices.panel.tsx';
import { FlowPanel, type FlowStart } from './flow-panel.tsx';
import { readArray } from './outcome.ts';
import { PasswordPanel } from './password.panel.tsx';
import { SaidAlert, useSaid } from './said.tsx';
import { SectionHeading } from './section-heading.tsx';
import { useSettings } from './settings.context.ts';
import { decodeSetup } from './setup.ts';
import { LoadedView } from './trouble.tsx';
import { useLoad } from './use-load.ts';

/** A flow that runs, and what to say when it is done. */
export type RunFlow = (start: FlowStart, done: string) => void;

/** How a person signs in: their password and their second factors. One flow at a time takes their place. */
export function SignInSection() {
  const { api } = useSettings();
  const { password } = useMessages().settings;
  const { said, say } = useSaid();
  const [flow, setFlow] = useState<{ start: FlowStart; done: string }>();
  const load = useCallback(() => readArray(api, '/api/v3/stages/all/user_settings/', decodeSetup), [api]);
  const loaded = useLoad(load);
  const run: RunFlow = (start, done) => {
    say('');
    setFlow({ start, done });
  };
  const done = () => {
    setFlow(undefined);
    if (flow) say(flow.done);
  };
  return (
    <>
      <SectionHeading section="page-mfa" />
      <SaidAlert said={said} />
      {flow ? (
        <FlowPanel start={flow.start} onDone={done} onCancel={() => setFlow(undefined)} />
      ) : (
        <LoadedView loaded={loaded}>
          {(setups) => (
            <>
              <PasswordPanel setups={setups} run={(start) => run(start, password.changed)} />
              <DevicesPanel setups={setups} run={run} say={say} />
            </>
          )}
        </LoadedView>
      )}
    </>
  );
}
