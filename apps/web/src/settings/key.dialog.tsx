import { Button } from '@patternfly/react-core';
import { useCallback } from 'react';
import { textOf, wireOf } from '../executor/wire.codec.ts';
import { CopyButton } from '../form/copy-button.tsx';
import { useMessages } from '../messages/messages.ts';
import { Dialog } from './dialog.tsx';
import { readOne } from './outcome.ts';
import { useSettings } from './settings.context.ts';
import { tokenAddress } from './token.ts';
import { LoadedView } from './trouble.tsx';
import { useLoad } from './use-load.ts';

type KeyDialogProps = {
  readonly identifier: string;
  /** The only occasion to see the key. */
  readonly isNew: boolean;
  readonly onClose: () => void;
};

/** Shows the key of a token, to be copied. The server records that it was shown. */
export function KeyDialog({ identifier, isNew, onClose }: KeyDialogProps) {
  const { api } = useSettings();
  const { tokens: words, done } = useMessages().settings;
  const load = useCallback(() => readOne(api, `${tokenAddress(identifier)}view_key/`, keyOf), [api, identifier]);
  const loaded = useLoad(load);
  return (
    <Dialog title={words.keyTitle} onClose={onClose}>
      <p>{isNew ? `${words.keyOnce} ${words.keyHint}` : words.keyHint}</p>
      <LoadedView loaded={loaded}>
        {(key) => (
          <div className="po-key">
            <code>{key}</code>
            <CopyButton text={key} label={words.copyKey} />
          </div>
        )}
      </LoadedView>
      <div className="po-dialog-actions">
        <Button onClick={onClose} data-first="">
          {done}
        </Button>
      </div>
    </Dialog>
  );
}

function keyOf(body: unknown): string {
  return textOf(wireOf(body), 'key');
}
