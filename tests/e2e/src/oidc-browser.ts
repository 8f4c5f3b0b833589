import type { Json } from './api.client.ts';
import type { FlowClient } from './flow.client.ts';

/** How an answer of the authorization endpoint comes to the client: by address, or as a form that the browser posts. */
export type Answer = { readonly url: URL; readonly form?: Readonly<Record<string, string>> };

/** Where a way ends: at the client, at a challenge that somebody has to answer, or at a page. */
type End = Answer | { readonly challenge: Json } | { readonly page: string; readonly status: number };

const LONGEST_WAY = 10;

/** Takes a browser without pages through an authorization, agreeing to everything, until it would leave for the client. */
export async function authorizeBy(browser: FlowClient, address: URL | string): Promise<Answer> {
  const end = await walk(browser, address);
  if ('url' in end) return end;
  throw new Error(`the way ends before the client: ${JSON.stringify(end).slice(0, 2_000)}`);
}

/** Takes it to a challenge that is neither redirect nor consent; answers its component. */
export async function componentBy(browser: FlowClient, address: URL | string): Promise<unknown> {
  const end = await walk(browser, address);
  if ('challenge' in end) return end.challenge.component;
  throw new Error(`the way does not end in a flow: ${JSON.stringify(end).slice(0, 2_000)}`);
}

async function walk(browser: FlowClient, address: URL | string): Promise<End> {
  let next = new URL(address);
  const { origin } = next;
  for (let steps = 0; steps < LONGEST_WAY; steps += 1) {
    if (next.origin !== origin) return { url: next };
    const flow = /^\/if\/flow\/([^/]+)\/$/.exec(next.pathname)?.[1];
    if (flow !== undefined) {
      // The page brings the cookie without which no answer is taken.
      await browser.send(next.href);
      const end = await passFlow(browser, flow, next.search.slice(1));
      if (typeof end !== 'string') return end;
      next = new URL(end, origin);
      continue;
    }
    const { status, headers, text } = await browser.send(next.href);
    if (!headers.location) return postedForm(text) ?? { page: text, status };
    next = new URL(headers.location, next);
  }
  throw new Error(`the way is too long; at last: ${next.href}`);
}

/** Passes a flow; answers the address that it leads to. */
async function passFlow(browser: FlowClient, flow: string, query: string): Promise<End | string> {
  let challenge = await browser.step(flow, undefined, query);
  for (let steps = 0; steps < LONGEST_WAY; steps += 1) {
    const { component, to, url, attrs, token } = challenge;
    if (component === 'xak-flow-redirect') return String(to);
    if (component === 'ak-stage-autosubmit')
      return { url: new URL(String(url)), form: attrs as Record<string, string> };
    if (component !== 'ak-stage-consent') return { challenge };
    challenge = await browser.step(flow, { component, ...(token === undefined ? {} : { token }) } as Json, query);
  }
  throw new Error('the flow is too long');
}

/** The form of a page that posts itself. */
function postedForm(page: string): Answer | undefined {
  const action = /<form[^>]*\baction="([^"]+)"/.exec(page)?.[1];
  if (action === undefined) return undefined;
  const inputs = [...page.matchAll(/<input[^>]*\bname="([^"]*)"[^>]*\bvalue="([^"]*)"/g)];
  return {
    url: new URL(unescaped(action)),
    form: Object.fromEntries(inputs.map(([, name, value]) => [unescaped(name), unescaped(value)])),
  };
}

function unescaped(text = ''): string {
  return text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&amp;', '&');
}
