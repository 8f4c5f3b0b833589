import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

/** An app that runs in the browser alone: an empty page of an origin of its own, with oauth4webapi beside it. */
export type BrowserApp = {
  readonly origin: string;
  /** Where people come back to. */
  readonly redirectUri: string;
  stop(): Promise<void>;
};

const LIBRARY = readFileSync(fileURLToPath(import.meta.resolve('oauth4webapi')));
const SCRIPT = readFileSync(new URL('./browser-app.page.js', import.meta.url));
const PAGE = '<!doctype html><title>App</title><script type="module" src="/app.js"></script>';

/** Starts one on a port of its own. */
export async function startBrowserApp(): Promise<BrowserApp> {
  const server = createServer(({ url = '' }, response) => {
    const script = new Map([
      ['/oauth4webapi.js', LIBRARY],
      ['/app.js', SCRIPT],
    ]).get(url);
    response.setHeader('content-type', script ? 'text/javascript' : 'text/html');
    response.end(script ?? PAGE);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const origin = `http://127.0.0.1:${address.port}`;
  return {
    origin,
    redirectUri: `${origin}/callback`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
