import { useState } from 'react';
import { PasswordField } from '../../form/password-field.tsx';
import { useMessages } from '../../messages/messages.ts';
import { SaidAlert, useSaid } from '../../settings/said.tsx';
import { useAccount } from '../account.context.ts';
import { AnswerForm } from '../answer-form.tsx';
import { useAccountWords } from '../messages/account.messages.ts';
import { SectionTitle } from './section-title.tsx';

const FIELDS = ['current_password', 'new_password'];

/** Another password; the first one for whoever has none. */
export function PasswordSection() {
  const { request, who } = useAccount();
  const { password: words, reset } = useAccountWords();
  const { settings } = useMessages();
  const { said, say } = useSaid();
  const [turn, setTurn] = useState(0);
  const hasPassword = who.user?.hasPassword === true;
  return (
    <>
      <SectionTitle section="password" />
      <SaidAlert said={said} />
      <div className="po-panel">
        <div className="po-stage">
          <AnswerForm
            key={turn}
            fields={FIELDS}
            submitLabel={hasPassword ? settings.password.change : words.set}
            send={(form) => {
              const current = hasPassword && { current_password: String(form.get('current_password')) };
              const body = { ...current, new_password: String(form.get('new_password')) };
              return request('POST', '/account/password/change', { body });
            }}
            onDone={() => {
              setTurn((before) => before + 1);
              say(settings.password.changed);
            }}
          >
            {hasPassword && (
              <PasswordField name="current_password" label={words.current} autoComplete="current-password" />
            )}
            <PasswordField name="new_password" label={reset.newPassword} autoComplete="new-password" />
          </AnswerForm>
        </div>
      </div>
    </>
  );
}
