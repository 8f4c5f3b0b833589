import { CodeField } from '../../form/code-field.tsx';
import { useMessages } from '../../messages/messages.ts';
import { ConfirmDialog } from '../../settings/confirm.dialog.tsx';
import { FormDialog } from '../../settings/form.dialog.tsx';
import { useAccount } from '../account.context.ts';
import { useAccountWords } from '../messages/account.messages.ts';
import { TextField, textIn } from '../text-field.tsx';
import { useChanges } from './use-changes.ts';

/** What somebody wants to do about their addresses. */
export type EmailAction =
  | { readonly kind: 'add' }
  | { readonly kind: 'verify' | 'promote' | 'remove' | 'code'; readonly email: string };

type EmailDialogProps = {
  readonly action: EmailAction;
  /** What comes after it. */
  readonly onNext: (action: EmailAction) => void;
  readonly onDone: (text: string) => void;
  readonly onClose: () => void;
};

const EMAIL = ['email'];
const CODE = ['key'];

/** Asks for what is needed, or whether it is meant. */
export function EmailDialog({ action, onNext, onDone, onClose }: EmailDialogProps) {
  const { config } = useAccount();
  const { email: words, verify } = useAccountWords();
  const messages = useMessages();
  const change = useChanges();
  const path = '/account/email';
  const sent = (email: string) =>
    config.verifiesByCode ? onNext({ kind: 'code', email }) : onDone(words.linkSent(email));
  if (action.kind === 'add') {
    let added = '';
    return (
      <FormDialog
        title={words.add}
        fields={EMAIL}
        submitLabel={words.add}
        send={(form) => {
          added = textIn(form, 'email');
          return change('POST', path, { email: added });
        }}
        onDone={() => sent(added)}
        onClose={onClose}
      >
        <TextField name="email" label={messages.email} type="email" autoComplete="email" />
      </FormDialog>
    );
  }
  const { kind, email } = action;
  switch (kind) {
    case 'code':
      return (
        <FormDialog
          key="code"
          title={verify.codeTitle}
          fields={CODE}
          submitLabel={verify.submit}
          send={(form) => change('POST', '/auth/email/verify', { key: textIn(form, 'key') })}
          onDone={() => onDone(words.isVerified(email))}
          onClose={onClose}
        >
          <CodeField name="key" label={messages.codeLabel} help={words.codeHint(email)} />
        </FormDialog>
      );
    case 'verify':
      return (
        <ConfirmDialog
          title={words.verifyTitle}
          hint={config.verifiesByCode ? words.verifyByCode(email) : words.verifyByLink(email)}
          confirmLabel={words.send}
          isGrave={false}
          act={() => change('PUT', path, { email })}
          onDone={() => sent(email)}
          onClose={onClose}
        />
      );
    case 'promote':
      return (
        <ConfirmDialog
          title={words.makeTitle(email)}
          hint={words.makeHint}
          confirmLabel={words.make}
          isGrave={false}
          act={() => change('PATCH', path, { email, primary: true })}
          onDone={() => onDone(words.made(email))}
          onClose={onClose}
        />
      );
    case 'remove':
      return (
        <ConfirmDialog
          title={messages.settings.devices.removeTitle(email)}
          hint={words.removeHint}
          confirmLabel={messages.settings.devices.remove}
          act={() => change('DELETE', path, { email })}
          onDone={() => onDone(words.removed(email))}
          onClose={onClose}
        />
      );
  }
}
