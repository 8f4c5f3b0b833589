import { Button } from '@patternfly/react-core';
import CheckIcon from '@patternfly/react-icons/dist/esm/icons/check-icon';
import CopyIcon from '@patternfly/react-icons/dist/esm/icons/copy-icon';
import { useState } from 'react';
import { useMessages } from '../messages/messages.ts';

/** Puts a text on the clipboard, and says so. Not there where the browser gives no clipboard: on pages without HTTPS. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const { copied } = useMessages();
  const [done, setDone] = useState(false);
  if (!navigator.clipboard) return null;
  const copy = () =>
    void navigator.clipboard.writeText(text).then(
      () => setDone(true),
      () => setDone(false),
    );
  return (
    <Button variant="secondary" icon={done ? <CheckIcon /> : <CopyIcon />} onClick={copy}>
      <span aria-live="polite">{done ? copied : label}</span>
    </Button>
  );
}
