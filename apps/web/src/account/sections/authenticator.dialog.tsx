import { useMessages } from '../../messages/messages.ts';
import { ConfirmDialog } from '../../settings/confirm.dialog.tsx';
import { FormDialog } from '../../settings/form.dialog.tsx';
import { useAccountWords } from '../messages/account.messages.ts';
import { TextField, textIn } from '../text-field.tsx';
import { AppDialog } from './app.dialog.tsx';
import type { Authenticator } from './authenticator.ts';
import { CodesDialog } from './codes.dialog.tsx';
import { NewKeyDialog } from './new-key.dialog.tsx';
import { useChanges } from './use-changes.ts';

/** What somebody wants to do about their second factors. */
export type AuthenticatorAction =
  | { readonly kind: 'add-app' | 'remove-app' | 'add-key' | 'show-codes' }
  | { readonly kind: 'new-codes'; readonly isFirst: boolean }
  | { readonly kind: 'rename-key' | 'remove-key'; readonly key: Authenticator };

type AuthenticatorDialogProps = {
  readonly action: AuthenticatorAction;
  /** What comes after it. */
  readonly onNext: (action: AuthenticatorAction) => void;
  readonly onDone: (text: string) => void;
  readonly onClose: () => void;
};

const NAME = ['name'];
const APP = '/account/authenticators/totp';
const KEYS = '/account/authenticators/webauthn';
const CODES = '/account/authenticators/recovery-codes';

/** Asks for what is needed, or whether it is meant. */
export function AuthenticatorDialog({ action, onNext, onDone, onClose }: AuthenticatorDialogProps) {
  const { factors: words } = useAccountWords();
  const { devices } = useMessages().settings;
  const change = useChanges();
  const remove = (name: string, act: () => ReturnType<typeof change>) => (
    <ConfirmDialog
      title={devices.removeTitle(name)}
      hint={devices.removeHint}
      confirmLabel={devices.remove}
      act={act}
      onDone={() => onDone(devices.removed)}
      onClose={onClose}
    />
  );
  switch (action.kind) {
    case 'add-app':
      return <AppDialog onDone={() => onNext({ kind: 'show-codes' })} onClose={onClose} />;
    case 'remove-app':
      return remove(words.app, () => change('DELETE', APP));
    case 'add-key':
      return (
        <NewKeyDialog
          onDone={(hasCodes) => (hasCodes ? onNext({ kind: 'show-codes' }) : onDone(devices.added))}
          onClose={onClose}
        />
      );
    case 'rename-key':
      return (
        <FormDialog
          title={devices.renameTitle}
          fields={NAME}
          submitLabel={devices.save}
          send={(form) => change('PUT', KEYS, { id: action.key.id, name: textIn(form, 'name') })}
          onDone={() => onDone(devices.renamed)}
          onClose={onClose}
        >
          <TextField name="name" label={devices.nameLabel} autoComplete="off" initial={action.key.name} />
        </FormDialog>
      );
    case 'remove-key':
      return remove(action.key.name, () => change('DELETE', KEYS, { authenticators: [action.key.id] }));
    case 'new-codes':
      return action.isFirst ? (
        <CodesDialog method="POST" onClose={onClose} />
      ) : (
        <ConfirmDialog
          title={words.newTitle}
          hint={words.newHint}
          confirmLabel={words.newCodes}
          act={() => change('POST', CODES)}
          onDone={() => onNext({ kind: 'show-codes' })}
          onClose={onClose}
        />
      );
    case 'show-codes':
      return <CodesDialog method="GET" onClose={onClose} />;
  }
}
