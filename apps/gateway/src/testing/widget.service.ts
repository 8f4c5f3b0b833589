import { setTimeout as sleep } from 'node:timers/promises';
import { common, invalidField, PosternError } from '@postern/errors';
import { conformance } from '@postern/proto';
import { bind, type Call } from '@postern/rpc';

/** Serves the test-only contract: it echoes what it was sent. */
export function widgetService() {
  const widget = (given: conformance.Widget | undefined) => conformance.Widget.fromPartial({ ...given, pk: 'w1' });
  return bind(conformance.WidgetServiceDefinition, {
    listWidgets: async (request) => ({ request, results: [] }),
    createWidget: async (request) => widget(request.widget),
    getWidget: async (request) => conformance.Widget.fromPartial({ pk: request.widget_uuid, name: 'found' }),
    updateWidget: async ({ widget: given, update_mask = [] }) => ({ widget: widget(given), mask: update_mask }),
    touchWidget: async ({ widget: given }) => ({ widget: widget(given), mask: [] }),
    numbered: async () => ({}),
    listAll: async () => ({ widgets: [widget(undefined)] }),
    listPart: async ({ limit, offset }) => {
      const all = Array.from({ length: 5 }, (_, index) => conformance.Widget.fromPartial({ pk: `w${index}` }));
      return { count: all.length, results: limit === 0 ? all : all.slice(offset, offset + limit) };
    },
    deletePart: async ({ items }) =>
      fail('FAILED_PRECONDITION', 'NOTHING_NAMED', `Nothing is called ${JSON.stringify(items)}`),
    echoCreature: async (creature) => creature,
    upload: async ({ file, file_filename, words }) => ({
      size: file.length,
      content: file,
      name: file_filename,
      words,
    }),
    echoRaw: async ({ body }) => ({
      content_type: body?.content_type ?? '',
      data: body?.data ?? new Uint8Array(),
      extensions: [],
    }),
    head: async ({ wish }, call) => grant(wish, call),
    oauthHead: async ({ wish }, call) => grant(wish, call),
    pageHead: async ({ wish }, call) => grant(wish, call),
    whoAmI: async (_request, call) => callerOf(call),
    whoAmIBySession: async (_request, call) => callerOf(call),
    hidden: async () => ({}),
  });
}

function callerOf({ context, headers }: Call): conformance.CallerResponse {
  const { principal, client, tenant } = context;
  return {
    kind: principal.kind,
    tenant,
    address: client.address,
    scheme: client.scheme,
    host: client.host,
    username: principal.kind === 'user' ? principal.user.username : '',
    session: client.session ?? '',
    wanted: headers['x-wanted'] ?? '',
    query: client.query,
  };
}

const WISHES: Readonly<Record<string, (call: Call) => unknown>> = {
  redirect: ({ response }) => response.redirect('/elsewhere/?a=b'),
  status: ({ response }) => response.status(418),
  cookie: ({ response }) => {
    response.cookie({ name: 'first', value: 'one two', httpOnly: true, sameSite: 'lax', maxAge: 60 });
    response.cookie({ name: 'second', value: '' });
    response.header('vary', 'X-Test');
  },
  origin: ({ headers, response }) => response.header('access-control-allow-origin', headers.origin ?? 'none'),
  origin_refused: ({ headers, response }) => {
    response.header('access-control-allow-origin', headers.origin ?? 'none');
    fail('INVALID_ARGUMENT', 'INVALID_GRANT', 'Refused.');
  },
  slow: ({ signal }) => sleep(5_000, undefined, { signal }),
  soon: () => sleep(150),
  fields: () => {
    throw invalidField('widget.parts.1.label', 'Label is taken.', 'LABEL_TAKEN');
  },
  conflict: () => {
    throw common.ABORTED();
  },
  invalid_grant: () => fail('INVALID_ARGUMENT', 'INVALID_GRANT', 'The code is "used".'),
  invalid_client: () => fail('UNAUTHENTICATED', 'INVALID_CLIENT', 'Unknown client.'),
  invalid_token: () => fail('UNAUTHENTICATED', 'INVALID_TOKEN', 'Expired.'),
  markup: () => fail('PERMISSION_DENIED', 'REFUSED', '<script>alert(1)</script>'),
  bug: () => {
    throw new TypeError('the database password is hunter2');
  },
};

function fail(
  code: 'INVALID_ARGUMENT' | 'UNAUTHENTICATED' | 'PERMISSION_DENIED' | 'FAILED_PRECONDITION',
  reason: string,
  message: string,
): never {
  throw new PosternError({ code, reason, domain: 'conformance', message });
}

async function grant(wish: string, call: Call): Promise<object> {
  await WISHES[wish]?.(call);
  return {};
}
