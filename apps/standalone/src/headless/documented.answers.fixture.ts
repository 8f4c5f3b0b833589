/** Holds every answer of the headless API that a test sees against the document that the house serves. */

import { misfits, type SchemaDocument } from './schema.check.fixture.ts';

type Json = Readonly<Record<string, unknown>>;
type Document = SchemaDocument & { readonly paths: Readonly<Record<string, Json>> };

/** What was asked, and what came. */
export type Seen = {
  readonly method: string;
  /** Base of the client, and the path below it. */
  readonly base: string;
  readonly path: string;
  readonly status: number;
  readonly type: string;
  readonly body: unknown;
};

/** Throws for an answer that its document does not allow. */
export type DocumentedAnswers = (seen: Seen) => Promise<void>;

/** Answers that are right although the document says nothing of them: what clients of the reference meet, and its document forgets. */
const UNDOCUMENTED: Readonly<Record<number, readonly string[]>> = {
  400: ['ErrorResponse'],
  // Whoever is not signed in at all is told so where the document knows only those who have to show who they are once more, and the reverse.
  401: ['AuthenticationResponse', 'ReauthenticationResponse'],
  409: ['ConflictResponse'],
  // The session of an app can be over whatever it asks for.
  410: ['SessionGoneResponse'],
};
/** Refusals that say no more than their status: of the CSRF check, of what is switched off, of a method, of too many. */
const BARE = [403, 404, 405, 429];

/** The same for single operations. */
const UNDOCUMENTED_AT: Readonly<Record<string, readonly string[]>> = {
  'post /auth/code/request 200': ['AuthenticatedResponse'],
  'post /account/password/change 200': ['AuthenticatedResponse'],
  'post /account/authenticators/recovery-codes 200': ['RecoveryCodesResponse'],
  // It sets a key up: the document names the answer of the operation that asks one.
  'get /auth/webauthn/signup 200': ['WebAuthnCreationOptionsResponse'],
};

/** Values that the document does not know yet. */
const VALUES: readonly RegExp[] = [
  /flows\.\d+\.id: "(mfa_login_webauthn|mfa_signup_webauthn|mfa_trust|password_reset_by_code)" is none of/,
  // Of all flows that one says as well that it does not wait.
  /flows\.\d+\.is_pending: false is none of \[true\]$/,
  /account\.login_methods\.\d+: "phone" is none of/,
  // Where codes are shown once, they are not shown again.
  /^data: lacks unused_codes$/,
  // A password that was reset by a link: the record has no address.
  /methods\.\d+: none of these: .*methods\.\d+: lacks email \//,
];

/** Creates the check. The document is fetched when the first answer comes. */
export function documentedAnswers(url: string): DocumentedAnswers {
  let fetched: Promise<Document> | undefined;
  return async (seen) => {
    if (!seen.type.startsWith('application/json') || !/\/(_allauth\/\w+|api\/auth)\/v1$/.test(seen.base)) return;
    fetched ??= fetch(`${url}/_allauth/openapi.json`).then(async (response) => Object(await response.json()));
    const found = problemsOf(await fetched, seen);
    const { method, path, status, body } = seen;
    if (found.length > 0)
      throw new Error(`${method} ${path} ${status} ${JSON.stringify(body)} is not documented: ${found.join('\n')}`);
  };
}

function problemsOf(document: Document, { method, path, status, body }: Seen): string[] {
  const [plain = ''] = path.split('?');
  const verb = method.toLowerCase();
  const bases = ['{client}', 'app', 'browser'].map((client) => `/_allauth/${client}/v1${plain}`);
  const operation = bases.map((one) => Object(document.paths[one])[verb]).find((one) => one !== undefined);
  const named = (names: readonly string[]) => names.map((name) => ({ $ref: `#/components/schemas/${name}` }));
  const listed = Object(operation).responses?.[String(status)]?.content?.['application/json']?.schema;
  const others =
    UNDOCUMENTED_AT[`${verb} ${plain} ${status}`] ??
    (listed !== undefined && status !== 401 ? [] : UNDOCUMENTED[status]);
  const schemas = [...(listed === undefined ? [] : [listed]), ...named(others ?? [])];
  if (schemas.length === 0 && BARE.includes(status))
    return Object(body).status === status ? [] : ['the status is missing'];
  const tries = schemas.map((schema) =>
    misfits(document, schema, body).filter((line) => !VALUES.some((one) => one.test(line))),
  );
  if (tries.some((found) => found.length === 0)) return [];
  return tries[0] ?? ['there is no such answer'];
}
