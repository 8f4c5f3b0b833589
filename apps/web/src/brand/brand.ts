import { createContext, useContext } from 'react';
import { optionalText, textOf, wireOf } from '../executor/wire.codec.ts';

export type Theme = 'automatic' | 'light' | 'dark';

/** What the gateway says about the brand of this host, with our defaults for what it does not say. */
export type Brand = {
  readonly title: string;
  readonly logo: string;
  readonly favicon: string;
  readonly theme: Theme;
  /** Empty for the browser's choice. */
  readonly locale: string;
};

/** Our own mark: drawn inline, so that it follows the theme. */
export const DEFAULT_LOGO = '/static/dist/assets/icons/icon_left_brand.svg';

const DEFAULT_FAVICON = '/static/dist/assets/icons/icon.png';

/** Reads the brand block of the page. Anything unreadable counts as absent. */
export function parseBrand(json: string): Brand {
  const wire = wireOf(parseJson(json));
  const theme = textOf(wire, 'theme');
  return {
    title: optionalText(wire, 'title') ?? 'Postern',
    logo: optionalText(wire, 'logo') ?? DEFAULT_LOGO,
    favicon: optionalText(wire, 'favicon') ?? DEFAULT_FAVICON,
    theme: theme === 'light' || theme === 'dark' ? theme : 'automatic',
    locale: textOf(wire, 'locale'),
  };
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

export const BrandContext = createContext<Brand>(parseBrand(''));

export function useBrand(): Brand {
  return useContext(BrandContext);
}
