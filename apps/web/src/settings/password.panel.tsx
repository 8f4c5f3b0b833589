import { Button } from '@patternfly/react-core';
import { useId } from 'react';
import { useMessages } from '../messages/messages.ts';
import type { FlowStart } from './flow-panel.tsx';
import type { Setup } from './setup.ts';

type PasswordPanelProps = { readonly setups: readonly Setup[]; readonly run: (start: FlowStart) => void };

/** The way to another password, where a password stage has one. */
export function PasswordPanel({ setups, run }: PasswordPanelProps) {
  const { password } = useMessages().settings;
  const id = useId();
  const address = setups.find(({ component, configureUrl }) => configureUrl && component === PASSWORD)?.configureUrl;
  return (
    <section className="po-panel po-panel-row" aria-labelledby={id}>
      <div>
        <h2 id={id}>{password.title}</h2>
        <p className="po-lead">{address === undefined ? password.fixed : password.hint}</p>
      </div>
      {address !== undefined && (
        <Button variant="secondary" onClick={() => run({ address })}>
          {password.change}
        </Button>
      )}
    </section>
  );
}

const PASSWORD = 'ak-user-settings-password';
