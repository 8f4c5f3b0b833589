/** A page that sends a form and nothing else: Form Post Response Mode, section 4, where no page of a flow is shown. */
export type FormPage = { readonly html: string; readonly policy: string };

/**
 * Writes the page. All texts are escaped here, and one script runs: the one with the nonce.
 *
 * @param nonce unguessable, new for every page
 */
export function formPage(
  url: string,
  fields: Readonly<Record<string, string>>,
  title: string,
  nonce: string,
): FormPage {
  const inputs = Object.entries(fields).map(
    ([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`,
  );
  const html = [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8"><meta name="robots" content="noindex">',
    `<title>${escaped(title)}</title></head>`,
    `<body><form method="post" action="${escaped(url)}">${inputs.join('')}`,
    '<noscript><button>Continue</button></noscript></form>',
    `<script nonce="${nonce}">document.forms[0].submit()</script></body></html>`,
  ].join('\n');
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; base-uri 'none'; frame-ancestors 'none'`;
  return { html, policy };
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES.get(character) ?? character);
}
