import type { auth } from '@postern/proto';
import { UAParser } from 'ua-parser-js';

/** What the contract calls what it does not know. */
const OTHER = 'Other';

/** Takes the name that a browser gives itself apart. */
export function parseUserAgent(text: string): auth.AuthenticatedSessionUserAgent {
  const { browser, device, os } = new UAParser(text).getResult();
  const [major = '', minor = '', patch = ''] = numbers(browser.version);
  const [osMajor = '', osMinor = '', osPatch = '', osPatchMinor = ''] = numbers(os.version);
  return {
    device: { brand: device.vendor ?? '', family: device.model ?? OTHER, model: device.model ?? '' },
    os: { family: os.name ?? OTHER, major: osMajor, minor: osMinor, patch: osPatch, patch_minor: osPatchMinor },
    user_agent: { family: browser.name ?? OTHER, major, minor, patch },
    string: text,
  };
}

function numbers(version: string | undefined): string[] {
  return version?.split('.') ?? [];
}
