/**
 * Errors on their way out: one renderer per public family, the sentences of field errors, and the reasons that the
 * gateway itself gives.
 */

import type { Operation } from '@postern/proto';
import { renderApiError } from './api.renderer.ts';
import { renderHeadlessError } from './headless.renderer.ts';
import { renderOauthError } from './oauth.renderer.ts';
import { renderPageError } from './page.renderer.ts';
import type { Renderer } from './rendered.ts';
import { renderRestError } from './rest.renderer.ts';

export { renderApiError } from './api.renderer.ts';
export { gatewayErrors } from './gateway.errors.ts';
export { notFoundPage } from './page.renderer.ts';
export { ERROR_POLICY } from './page.style.ts';
export type { RenderContext, Rendered, Renderer } from './rendered.ts';

const RENDERERS: Readonly<Record<Operation['rest']['errors'], Renderer>> = {
  ERROR_FAMILY_UNSPECIFIED: renderApiError,
  ERROR_FAMILY_OAUTH: renderOauthError,
  ERROR_FAMILY_PAGE: renderPageError,
  ERROR_FAMILY_REST: renderRestError,
  ERROR_FAMILY_HEADLESS: renderHeadlessError,
  UNRECOGNIZED: renderApiError,
};

/** The renderer of an operation's family. */
export function rendererOf({ rest }: Operation): Renderer {
  return RENDERERS[rest.errors];
}
