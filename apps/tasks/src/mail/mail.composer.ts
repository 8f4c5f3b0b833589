import type { MailAddress, MailServer } from './mail.ts';
import { maskedView, viewOf } from './mail.view.ts';
import { createTemplates } from './template/template.store.ts';
import type { View } from './template/template.ts';

/** What a sender says. */
export type MailDraft = {
  readonly template: string;
  readonly to: readonly MailAddress[];
  readonly subject: string;
  readonly context: View;
  readonly from?: string;
  readonly server?: MailServer | undefined;
};

/** A mail in both forms, and what the audit log may show of it. */
export type Composed = {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly shown: string;
};

/** A template, for those who choose one. */
export type TemplateChoice = { readonly name: string; readonly label: string };

/** Writes mails. */
export type Composer = {
  /** Throws TemplateError. */
  compose(draft: Pick<MailDraft, 'template' | 'subject' | 'context'>): Composed;
  has(template: string): boolean;
  /** Those that people may choose for the mails of a flow. */
  choices(): TemplateChoice[];
};

/** Templates of ours that the mails of a flow may be made of. */
const OURS: readonly TemplateChoice[] = [
  { name: 'email/password_reset.html', label: 'Password Reset' },
  { name: 'email/account_confirmation.html', label: 'Account Confirmation' },
];

/** Creates the writer of mails. */
export function createComposer({ templateDir }: { templateDir?: string | undefined }): Composer {
  const templates = createTemplates(templateDir);
  return {
    compose({ template, subject, context }) {
      const line = subject.replaceAll(/\s+/g, ' ').trim();
      const view = viewOf(line, context);
      const { html, text } = templates.render(template, view);
      return { subject: line, html, text, shown: templates.render(template, maskedView(view)).text };
    },
    has: (template) => templates.has(template),
    choices: () => [
      ...OURS,
      ...templates
        .custom()
        .filter((name) => !OURS.some((one) => one.name === name))
        .map((name) => ({ name, label: `Custom Template: ${name}` })),
    ],
  };
}
