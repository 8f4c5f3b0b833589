import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { addressesOf, type MailAddress } from './mail.ts';
import { LOGO } from './smtp.mailer.ts';
import { escapeHtml } from './template/escape.ts';

/** A mail as its pages show it. */
export type ShownMail = {
  readonly pk: string;
  readonly created: Date;
  readonly sender: string;
  readonly recipients: readonly MailAddress[];
  readonly subject: string;
  readonly html: string;
  readonly text: string;
};

/** A page with the policy that holds for it. */
export type Page = { readonly html: string; readonly policy: string };

const STYLE = `
:root { color-scheme: light dark; --ink: #13242a; --soft: #4c5d63; --ground: #e9eeec; --surface: #fff; --line: #d5dedd; --accent: #0c5c66; --wash: #f4f7f6 }
@media (prefers-color-scheme: dark) {
  :root { --ink: #eaf1f0; --soft: #a5b5b5; --ground: #0a1113; --surface: #14201f; --line: #2b3b3c; --accent: #7fd0cf; --wash: #1a2928 }
}
* { box-sizing: border-box }
body { margin: 0; padding: 2.5rem 1rem; font: 1rem/1.5 "Red Hat Text", system-ui, sans-serif; color: var(--ink); background: var(--ground) }
main { max-width: 54rem; margin: 0 auto }
header { margin: 0 .25rem 1.25rem }
h1 { margin: 0 0 .25rem; font-size: 1.625rem; line-height: 1.2; letter-spacing: -.015em; overflow-wrap: anywhere }
p { margin: 0; color: var(--soft) }
a { color: var(--accent) }
section, ol { margin: 0; padding: 0; list-style: none; background: var(--surface); border: 1px solid var(--line); border-radius: 16px; overflow: hidden }
li + li { border-top: 1px solid var(--line) }
li a { display: grid; grid-template-columns: 1fr auto; gap: 0 1rem; padding: .875rem 1.25rem; color: inherit; text-decoration: none }
li a:hover { background: var(--wash) }
a:focus-visible { outline: 2px solid var(--accent); outline-offset: -2px }
li strong { font-weight: 600; overflow-wrap: anywhere }
li span, time { color: var(--soft); font-size: .875rem }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 0; padding: 1.25rem; font-size: .9375rem }
dt { color: var(--soft) }
dd { margin: 0; overflow-wrap: anywhere }
iframe { display: block; width: 100%; height: 44rem; border: 0; border-top: 1px solid var(--line); background: #e9eeec }
pre { margin: 0; padding: 1.25rem; font: .875rem/1.55 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere }
h2 { margin: 1.5rem .25rem .5rem; font-size: 1rem }
.empty { padding: 2.5rem 1.25rem; text-align: center }
.back { display: inline-block; margin-bottom: .75rem }
`;

const HASH = createHash('sha256').update(STYLE).digest('base64');
const POLICY = `default-src 'none'; style-src 'sha256-${HASH}'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
/** A mail runs nothing, loads nothing, and its links open nothing but a new page. */
const BODY_POLICY =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/** The list of the mails that are kept. */
export function listPage(mails: readonly ShownMail[]): Page {
  const rows = mails.map(
    ({ pk, created, subject, recipients }) =>
      `<li><a href="/-/mails/${pk}/"><strong>${escapeHtml(subject)}</strong>${timeOf(created)}<span>to ${escapeHtml(addressesOf(recipients))}</span></a></li>`,
  );
  const list =
    rows.length > 0
      ? `<ol>${rows.join('')}</ol>`
      : '<section><p class="empty">No mail has been written yet.</p></section>';
  const about = 'There is no mail server: what would have been sent lies here, the latest first. For development only.';
  return page('Mails', `<header><h1>Mails</h1><p>${about}</p></header>${list}`);
}

/** One mail, in both its forms. */
export function mailPage({ pk, created, sender, recipients, subject, text }: ShownMail): Page {
  const fact = (name: string, value: string) => `<dt>${name}</dt><dd>${value}</dd>`;
  const to = recipients.map(({ name, address }) => escapeHtml(name ? `${name} <${address}>` : address)).join('<br>');
  return page(
    subject,
    `<header><a class="back" href="/-/mails/">All mails</a><h1>${escapeHtml(subject)}</h1></header>
<section><dl>${fact('From', escapeHtml(sender))}${fact('To', to)}${fact('Written', timeOf(created))}</dl>
<iframe src="/-/mails/${pk}/body/" sandbox="allow-popups allow-popups-to-escape-sandbox" title="The mail as HTML"></iframe></section>
<h2>As text</h2><section><pre>${escapeHtml(text)}</pre></section>`,
  );
}

/** The HTML of a mail, its picture within it, its links opening pages of their own. */
export function bodyPage({ html }: ShownMail): Page {
  const logo = `data:image/png;base64,${readFileSync(LOGO.file).toString('base64')}`;
  const shown = html
    .replaceAll(`cid:${LOGO.name}`, logo)
    .replaceAll(/<a /gi, '<a target="_blank" rel="noreferrer noopener" ');
  return { html: shown, policy: BODY_POLICY };
}

function page(title: string, content: string): Page {
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body><main>${content}</main></body></html>`;
  return { html, policy: POLICY };
}

function timeOf(time: Date): string {
  const shown = `${time.toISOString().slice(0, 10)} ${time.toISOString().slice(11, 16)} UTC`;
  return `<time datetime="${time.toISOString()}">${shown}</time>`;
}
