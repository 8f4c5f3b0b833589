import { Button } from '@patternfly/react-core';
import MobileAltIcon from '@patternfly/react-icons/dist/esm/icons/mobile-alt-icon';
import { useState } from 'react';
import { flagOf, textOf, wireOf } from '../../executor/wire.codec.ts';
import { CodeField } from '../../form/code-field.tsx';
import { useMessages } from '../../messages/messages.ts';
import { FormDialog } from '../../settings/form.dialog.tsx';
import { Empty, Item, ItemList } from '../../settings/item-list.tsx';
import { SaidAlert, useSaid } from '../../settings/said.tsx';
import { useAccountWords } from '../messages/account.messages.ts';
import { TextField, textIn } from '../text-field.tsx';
import { SectionTitle } from './section-title.tsx';
import { useChanges } from './use-changes.ts';
import { ListView, useList } from './use-list.tsx';

type Phone = { readonly phone: string; readonly verified: boolean };

function decodePhone(value: unknown): Phone {
  const wire = wireOf(value);
  return { phone: textOf(wire, 'phone'), verified: flagOf(wire, 'verified') };
}

/** The one number of somebody. */
export function PhoneSection() {
  const { phone: words, email } = useAccountWords();
  const loaded = useList('/account/phone', decodePhone);
  const { said, say } = useSaid();
  const [step, setStep] = useState<'number' | 'code'>();
  return (
    <>
      <SectionTitle section="phone" />
      <SaidAlert said={said} />
      <ListView loaded={loaded}>
        {(phones) => (
          <div className="po-panel">
            {phones.length === 0 ? (
              <Empty title={words.none} hint={words.noneHint} />
            ) : (
              <ItemList>
                {phones.map(({ phone, verified }) => (
                  <Item
                    key={phone}
                    icon={<MobileAltIcon />}
                    title={phone}
                    lines={[verified ? email.verified : email.unverified]}
                  />
                ))}
              </ItemList>
            )}
            <Button variant="secondary" onClick={() => setStep('number')}>
              {phones.length === 0 ? words.add : words.change}
            </Button>
          </div>
        )}
      </ListView>
      {step && (
        <PhoneDialog
          key={step}
          step={step}
          onNext={() => setStep('code')}
          onDone={() => {
            setStep(undefined);
            say(words.changed);
            void loaded.refresh();
          }}
          onClose={() => setStep(undefined)}
        />
      )}
    </>
  );
}

type PhoneDialogProps = {
  readonly step: 'number' | 'code';
  readonly onNext: () => void;
  readonly onDone: () => void;
  readonly onClose: () => void;
};

const PHONE = ['phone'];
const CODE = ['code'];

function PhoneDialog({ step, onNext, onDone, onClose }: PhoneDialogProps) {
  const { phone: words, verify } = useAccountWords();
  const { phoneNumber, phoneNumberHelp, codeLabel, smsSend } = useMessages();
  const change = useChanges();
  if (step === 'number')
    return (
      <FormDialog
        title={words.change}
        fields={PHONE}
        submitLabel={smsSend}
        send={(form) => change('POST', '/account/phone', { phone: textIn(form, 'phone') })}
        onDone={onNext}
        onClose={onClose}
      >
        <TextField name="phone" label={phoneNumber} type="tel" autoComplete="tel" help={phoneNumberHelp} />
      </FormDialog>
    );
  return (
    <FormDialog
      title={verify.phoneTitle}
      fields={CODE}
      submitLabel={verify.submit}
      send={(form) => change('POST', '/auth/phone/verify', { code: textIn(form, 'code') })}
      onDone={onDone}
      onClose={onClose}
    >
      <CodeField label={codeLabel} help={verify.phoneLead} />
    </FormDialog>
  );
}
