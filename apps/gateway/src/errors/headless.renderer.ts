import { renderApiError } from './api.renderer.ts';
import type { Renderer } from './rendered.ts';

/** Errors of the headless sign-in API that no operation has answered itself: their status, in the envelope that its clients read. */
export const renderHeadlessError: Renderer = (error, context) => {
  const { status, headers } = renderApiError(error, context);
  const errors = status === 400 ? [{ message: error.message, code: 'invalid' }] : [];
  return { status, headers, body: JSON.stringify({ status, ...(errors.length > 0 && { errors }) }) };
};
