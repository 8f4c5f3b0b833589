import { oauth2Errors } from '../../oauth2.errors.ts';
import { programSignedIn } from '../../oauth2.events.ts';
import type { People } from '../../ports.ts';
import type { AppPasswords } from '../../program-accounts.client.ts';
import type { ProgramProof } from './program.ts';

/**
 * A user name and an app password of that user, which are both grants' `username` and `password`. The password that people sign in with is never taken:
 * RFC 9700, section 2.4.
 */
export function createProofByAppPassword({
  appPasswords,
  people,
}: {
  appPasswords: AppPasswords;
  people: Pick<People, 'find'>;
}): ProgramProof {
  return async ({ request: { username, password }, client }, call) => {
    if (username === '' && password === '') return undefined;
    const found = await appPasswords.find(username, password, call);
    const person = found && (await people.find(call.context.tenant, found.user, call));
    // Whether the account may be used is the gate's to say; nobody learns from here which half was wrong.
    if (!person) throw oauth2Errors.INVALID_GRANT();
    const auth_method_args = { identifier: found.identifier };
    const fact = programSignedIn(client, person, { auth_method: 'token', auth_method_args });
    return { user: person.pk, facts: [fact] };
  };
}
