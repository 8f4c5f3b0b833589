import { Button } from '@patternfly/react-core';
import { type ReactNode, useEffect } from 'react';
import { failureTexts } from '../form/failure-alert.tsx';
import { type Messages, useMessages } from '../messages/messages.ts';
import { Notice } from '../page/notice.tsx';
import { Waiting } from '../page/waiting.tsx';
import type { Trouble } from './outcome.ts';
import { useSettings } from './settings.context.ts';
import type { Loaded } from './use-load.ts';

type TroubleProps = { readonly trouble: Trouble; readonly retry: () => void };

/** Instead of the whole page. */
export function TroubleNotice({ trouble, retry }: TroubleProps) {
  const messages = useMessages();
  const { title, hint } = troubleTexts(trouble, messages);
  return (
    <Notice title={title} isAlert>
      <p>{hint}</p>
      <Button size="lg" isBlock onClick={retry}>
        {messages.tryAgain}
      </Button>
    </Notice>
  );
}

type LoadedViewProps<T> = { readonly loaded: Loaded<T>; readonly children: (value: T) => ReactNode };

/** What was read, or that it is on its way, or why it did not come. */
export function LoadedView<T>({ loaded: { outcome, retry }, children }: LoadedViewProps<T>) {
  if (!outcome) return <Waiting />;
  return 'value' in outcome ? children(outcome.value) : <TroubleBox trouble={outcome.trouble} retry={retry} />;
}

function TroubleBox({ trouble, retry }: TroubleProps) {
  const { refreshPerson } = useSettings();
  // Whoever is not signed in any more is led to the sign-in.
  useEffect(() => {
    if (trouble === 'refused') void refreshPerson();
  }, [trouble, refreshPerson]);
  return <TroubleView trouble={trouble} retry={retry} />;
}

/** Instead of what could not be read. */
export function TroubleView({ trouble, retry }: TroubleProps) {
  const messages = useMessages();
  const { title, hint } = troubleTexts(trouble, messages);
  return (
    <div className="po-empty" role="alert">
      <h2>{title}</h2>
      <p>{hint}</p>
      <Button variant="secondary" onClick={retry}>
        {messages.tryAgain}
      </Button>
    </div>
  );
}

function troubleTexts(trouble: Trouble, messages: Messages): { title: string; hint: string } {
  const { refusedTitle, refusedHint, missingTitle, missingHint } = messages.settings;
  if (trouble === 'refused') return { title: refusedTitle, hint: refusedHint };
  if (trouble === 'missing') return { title: missingTitle, hint: missingHint };
  return failureTexts(trouble, messages);
}
