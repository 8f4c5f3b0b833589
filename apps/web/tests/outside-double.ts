import type { BrowserContext } from 'playwright-core';

/** A captcha script of each kind, small but of the shape of the real ones; `captcha.example` serves them. */
const SCRIPTS: Readonly<Record<string, string>> = {
  // Looks without showing anything; asks to be drawn when the window says that it is in doubt.
  '/hcaptcha.js': `window.hcaptcha = {
    render(place, options) { this.options = options; this.place = place; ${frame('options.size !== "invisible"')}; return 'w1'; },
    execute() { const { callback } = this.options; setTimeout(() => window.captchaToken && callback(window.captchaToken), 20); },
  };`,
  // Waits for the rest of itself, and refuses to be hidden with a key for boxes.
  '/recaptcha.js': `window.grecaptcha = { ready: (begin) => setTimeout(() => {
    window.grecaptcha.render = (place, options) => {
      if (options.size === 'invisible') throw new Error('Invalid key type');
      ${frame('true')};
      setTimeout(() => window.captchaToken && options.callback(window.captchaToken), 20);
    };
    begin();
  }, 20) };`,
  '/turnstile.js': `window.turnstile = { render(place, options) {
    ${frame('true')};
    setTimeout(() => window.captchaToken && options.callback(window.captchaToken), 20);
  } };`,
};

function frame(condition: string): string {
  return `if (${condition}) {
    const frame = document.createElement('iframe');
    Object.assign(frame, { src: 'https://captcha.example/box', title: 'Captcha', width: 300, height: 76 });
    place.append(frame);
  }`;
}

const BOX =
  '<!doctype html><html lang="en"><title>Box</title><main><label><input type="checkbox"> I am human</label></main>';

/** Stands in for hosts outside: a captcha, and Plex. `plex.token` is what Plex has for the person. */
export async function serveOutside(context: BrowserContext) {
  const plex: { token: string | null } = { token: null };
  await context.route('https://captcha.example/**', (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === '/box') return route.fulfill({ contentType: 'text/html', body: BOX });
    const body = SCRIPTS[pathname];
    return body ? route.fulfill({ contentType: 'text/javascript', body }) : route.fulfill({ status: 404 });
  });
  await context.route('https://plex.tv/**', (route) => {
    const headers = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' };
    const body = route.request().method() === 'POST' ? { id: 7, code: 'plex-code' } : { authToken: plex.token };
    return route.fulfill({ headers, json: body });
  });
  await context.route('https://app.plex.tv/**', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<title>Plex</title>' }),
  );
  return plex;
}
