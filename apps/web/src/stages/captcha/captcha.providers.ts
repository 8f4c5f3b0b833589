/** Draws a captcha. The three well-known scripts share the shape, and differ in small things only. */
type CaptchaApi = {
  readonly render: (container: HTMLElement, options: object) => unknown;
  readonly execute?: (widget: unknown) => unknown;
  readonly ready?: (begin: () => void) => void;
};

/** What a captcha reports. */
export type CaptchaEvents = {
  /** There is something to see now. */
  readonly drawn: () => void;
  readonly solved: (token: string) => void;
  /** The token was not used in time. */
  readonly expired: () => void;
  readonly failed: () => void;
};

export type CaptchaSettings = {
  readonly siteKey: string;
  readonly locale: string;
  readonly isDark: boolean;
  /** Looks at the visitor without showing anything, where the script can. */
  readonly isHidden: boolean;
};

export type Captcha = {
  /** Draws it, or has it look. A hidden one that does not work is drawn after all. */
  readonly show: (container: HTMLElement, settings: CaptchaSettings, events: CaptchaEvents) => void;
};

/** The more specific first: the other two may define `grecaptcha` as well, for pages that expect that. */
const GLOBALS = ['hcaptcha', 'turnstile', 'grecaptcha'] as const;

/** The captcha whose script was loaded; undefined when it is none that these pages can drive. */
export function captchaOf(globals: object): Captcha | undefined {
  for (const name of GLOBALS) {
    const api: unknown = Reflect.get(globals, name);
    if (isCaptchaApi(api)) return { show: (...request) => show(name, api, ...request) };
  }
  return undefined;
}

function isCaptchaApi(value: unknown): value is CaptchaApi {
  if (typeof value !== 'object' && typeof value !== 'function') return false;
  // reCAPTCHA has no `render` yet while it waits for the rest of itself.
  return value !== null && ('render' in value || 'ready' in value);
}

function show(
  name: (typeof GLOBALS)[number],
  api: CaptchaApi,
  container: HTMLElement,
  { siteKey, locale, isDark, isHidden }: CaptchaSettings,
  { drawn, solved, expired, failed }: CaptchaEvents,
): void {
  const options = {
    sitekey: siteKey,
    callback: solved,
    'expired-callback': expired,
    theme: isDark ? 'dark' : 'light',
    [name === 'turnstile' ? 'language' : 'hl']: locale,
  };
  const visible = () => {
    const widget = container.appendChild(document.createElement('div'));
    api.render(widget, { ...options, 'error-callback': failed });
    drawn();
  };
  const hidden = () => {
    const widget = container.appendChild(document.createElement('div'));
    const reveal = () => {
      if (!widget.isConnected) return failed();
      widget.remove();
      attempt(visible, failed);
    };
    attempt(() => {
      const id = api.render(widget, { ...options, size: 'invisible', 'error-callback': reveal });
      api.execute?.(id);
    }, reveal);
  };
  // Turnstile decides by its key whether it is seen.
  const begin = () => (isHidden && name !== 'turnstile' ? hidden() : attempt(visible, failed));
  if (name === 'grecaptcha' && api.ready) api.ready(begin);
  else begin();
}

function attempt(action: () => void, otherwise: () => void): void {
  try {
    action();
  } catch {
    otherwise();
  }
}
