import { openBrowser, runFlow } from './browser.ts';
import type { Journey } from './journey.ts';

/** Who signs in: lanes share the users out. */
export type SignInOptions = {
  readonly flow: string;
  readonly users: readonly string[];
  readonly password: string;
  /** How many lanes there are. */
  readonly lanes: number;
};

/** One sign-in: a fresh browser, every request of the flow, until it leads to the application. */
export const signInJourney: Journey<SignInOptions> = ({ index, connection }, { flow, users, password, lanes }) => {
  let at = index;
  return async () => {
    const user = users[at % users.length];
    at += lanes;
    await runFlow(openBrowser(connection), {
      slug: flow,
      answers: { 'ak-stage-identification': { uid_field: user, password }, 'ak-stage-password': { password } },
    });
    return 'more';
  };
};
