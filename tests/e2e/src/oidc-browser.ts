import type { Json } from './api.client.ts';
import type { FlowClient } from './flow.client.ts';

/** How an answer of the authorization endpoint comes to the client: by address, or as a form that the browser posts. */
export type Answer = { readonly url: URL; readonly form?: Readonly<Record<string, string>> };

const LONGEST_WAY = 10;

/** Takes a browser without pages through an authorization, agreeing to everything, until it would leave for the client. */
export async function authorizeBy(browser: FlowClient, address: URL | string): Promise<Answer> {
  let next = new URL(address);
  const { origin } = next;
  for (let steps = 0; steps < LONGEST_WAY; steps += 1) {
    if (next.origin !== origin) return { url: next };
    const flow = /^\/if\/flow\/([^/]+)\/$/.exec(next.pathname)?.[1];
    if (flow !== undefined) {
      const answer = await passFlow(browser, flow, next.search.slice(1));
      if (answer.form) return answer;
      next = new URL(answer.url, origin);
      continue;
    }
    const { status, headers, text } = await browser.send(next.href);
    if (!headers.location) {
      const form = postedForm(text);
      if (form) return form;
      throw new Error(`${next.href} answered ${status}: ${text.slice(0, 500)}`);
    }
    next = new URL(headers.location, next);
  }
  throw new Error(`the way to the client is too long; at last: ${next.href}`);
}

async function passFlow(browser: FlowClient, flow: string, query: string): Promise<Answer> {
  let challenge = await browser.step(flow, undefined, query);
  for (let steps = 0; steps < LONGEST_WAY; steps += 1) {
    const { component, to, url, attrs, token } = challenge;
    if (component === 'xak-flow-redirect') return { url: new URL(String(to), 'http://nowhere.invalid') };
    if (component === 'ak-stage-autosubmit')
      return { url: new URL(String(url)), form: attrs as Record<string, string> };
    if (component !== 'ak-stage-consent') throw new Error(`the flow asks for ${JSON.stringify(challenge)}`);
    challenge = await browser.step(flow, { component, token } as Json, query);
  }
  throw new Error('the flow is too long');
}

/** The form of a page that posts itself. */
function postedForm(page: string): Answer | undefined {
  const action = /<form[^>]*\baction="([^"]+)"/.exec(page)?.[1];
  if (action === undefined) return undefined;
  const inputs = [...page.matchAll(/<input[^>]*\bname="([^"]*)"[^>]*\bvalue="([^"]*)"/g)];
  const plain = (text = '') =>
    text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&amp;', '&');
  return {
    url: new URL(plain(action)),
    form: Object.fromEntries(inputs.map(([, name, value]) => [plain(name), plain(value)])),
  };
}
