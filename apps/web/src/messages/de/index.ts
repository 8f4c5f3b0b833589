import type { Messages } from '../messages.ts';
import { authenticators } from './authenticators.ts';
import { page } from './page.ts';
import { portal } from './portal.ts';
import { serverTexts } from './server-texts.ts';
import { settings } from './settings.ts';
import { stages } from './stages.ts';

/** Every sentence of the pages, in German. */
export const de: Messages = { ...page, ...stages, ...authenticators, ...portal, ...settings, serverTexts };
