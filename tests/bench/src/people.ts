import type { Installation } from './installation.ts';
import { type Browser, openBrowser, runFlow } from './load/browser.ts';
import { connectHttp } from './load/http.connection.ts';

/** Password of everyone who signs in. */
export const PASSWORD = 'correct horse battery staple';

/** Slug of the flow that people sign in by. */
export const SIGN_IN = 'default-authentication-flow';

/** Creates people with passwords; answers with their user names. */
export async function createPeople({ api }: Installation, count = 16): Promise<string[]> {
  const names = Array.from({ length: count }, (_, index) => `bench-${index}`);
  for (const username of names) {
    const { pk } = await api<{ pk: number }>('POST', '/core/users/', { username, name: username, path: 'users' });
    await api('POST', `/core/users/${pk}/set_password/`, { password: PASSWORD });
  }
  return names;
}

/** Answers of a person to the challenges of signing in. */
export function answersOf(user: string) {
  return {
    'ak-stage-identification': { uid_field: user, password: PASSWORD },
    'ak-stage-password': { password: PASSWORD },
  };
}

/** Does something in the browser of a person who has just signed in. */
export async function signedIn<Result>(
  { host, port }: Installation,
  user: string,
  work: (browser: Browser) => Promise<Result>,
): Promise<Result> {
  const connection = await connectHttp(host, port);
  try {
    const browser = openBrowser(connection);
    await runFlow(browser, { slug: SIGN_IN, answers: answersOf(user) });
    return await work(browser);
  } finally {
    connection.close();
  }
}
