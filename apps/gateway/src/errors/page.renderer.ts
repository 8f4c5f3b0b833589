import type { PosternError } from '@postern/errors';
import { retryAfter } from './api.renderer.ts';
import { ERROR_POLICY, ERROR_STYLE } from './page.style.ts';
import type { Renderer } from './rendered.ts';
import { statusOf } from './status.http.ts';

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Permission denied',
  404: 'Not Found',
  405: 'Method Not Allowed',
  429: 'Too Many Requests',
  500: 'Server Error',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** A small gate in a wall, its door ajar. */
const MARK =
  '<svg viewBox="0 0 32 32" aria-hidden="true"><path d="M3 30V16a13 13 0 0 1 26 0v14h-6V16a7 7 0 0 0-14 0v14z"/><path d="M12 30V16a4 4 0 0 1 4-4l4 3.2V30z"/></svg>';

/** Errors of pages that a person looks at. No script and no file: the page allows its own style sheet and nothing else. */
export const renderPageError: Renderer = (error, { requestId }) => {
  const status = statusOf(error);
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': ERROR_POLICY,
    ...retryAfter(error),
  };
  return {
    status,
    headers,
    body: errorPage(TITLES[status] ?? 'Error', messageOf(error), status >= 500 ? requestId : ''),
  };
};

/** The page of an unknown address. */
export function notFoundPage(): string {
  return errorPage('Not Found', 'There is nothing at this address.');
}

/** An accessible page that says one thing; all texts are escaped here. */
export function errorPage(title: string, message: string, requestId = ''): string {
  const reference = requestId && `<p>Reference: <code>${escapeHtml(requestId)}</code></p>`;
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="robots" content="noindex"><meta name="color-scheme" content="light dark">',
    `<title>${escapeHtml(title)}</title><style>${ERROR_STYLE}</style></head>`,
    `<body><main>${MARK}<h1>${escapeHtml(title)}</h1><p>${escapeHtml(message)}</p>${reference}<p><a href="/">Start page</a></p></main></body></html>`,
  ].join('\n');
}

/** Text within HTML, in elements and in quoted attributes. */
export function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}

function messageOf({ message, violations }: PosternError): string {
  const [first] = violations;
  return first ? `${first.field}: ${first.description}` : message;
}
