import { type Answer, bad, later, ok } from '../headless.answer.ts';
import { optionalText, text } from '../headless.fields.ts';
import { operation } from '../headless.operation.ts';
import { problem } from '../headless.problems.ts';
import type { Visit } from '../headless.visit.ts';
import { type Account, type Authenticators, encodePasskey } from '../mfa/index.ts';
import { credentialField, keyField, keysField, unknownKey } from './credential.field.ts';
import { isServed } from './passkey.answers.ts';
import { type Registrations, WRONG_CREDENTIAL } from './registrations.ts';

/** Characters of a name at most. */
export const LONGEST_NAME = 100;

const BARRED: Answer = { kind: 'plain', status: 409, errors: [problem('unverified_email')] };

/** What the operations on passkeys of one's own need. */
export type PasskeyDeps = {
  readonly authenticators: Authenticators;
  readonly registrations: Registrations;
  readonly account: Account;
};

/** Whoever may not have a second factor yet is told so before they have to show again who they are. */
const unlessBarred = (authenticators: Authenticators) => async (visit: Visit) =>
  visit.person !== undefined && !(await authenticators.isBarred(visit, visit.person.pk));

/** Asks for a new passkey (the query says `passwordless`), or a security key. */
export const askForNew = ({ authenticators, registrations }: PasskeyDeps) =>
  operation({
    gate: 'authenticated',
    needsFactor: false,
    isServed,
    reauthentication: unlessBarred(authenticators),
    async run(visit) {
      const { person, client } = visit;
      if (await authenticators.isBarred(visit, person.pk)) return BARRED;
      const isPasskey = new URLSearchParams(client.query ?? '').has('passwordless');
      return registrations.ask(visit, person.standing.user, isPasskey ? 'add_passkey' : 'add');
    },
  });

/** Keeps what the browser made. */
export const addNew = ({ authenticators, registrations, account }: PasskeyDeps) =>
  operation({
    gate: 'authenticated',
    needsFactor: false,
    isServed,
    form: { name: optionalText(LONGEST_NAME), credential: credentialField() },
    reauthentication: unlessBarred(authenticators),
    async run(visit, made) {
      const { person } = visit;
      const owner = person.standing.user;
      if (await authenticators.isBarred(visit, person.pk)) return BARRED;
      const read = await registrations.read(visit, owner, made, ['add', 'add_passkey']);
      if ('answer' in read) return read.answer;
      const { effect, kept } = authenticators.keep(visit, owner, read.device, WRONG_CREDENTIAL);
      visit.effects.push(effect);
      const recovery_codes_generated = await account.firstCodes(visit);
      account.tell(visit, 'webauthn_added');
      return later(() => ok(encodePasskey(kept()), { recovery_codes_generated }));
    },
  });

/** Gives one another name. */
export const rename = ({ authenticators }: PasskeyDeps) =>
  operation({
    gate: 'authenticated',
    isServed,
    form: { id: keyField(), name: text(LONGEST_NAME) },
    reauthentication: 'always',
    async run(visit, { id, name }) {
      const [device] = await keysOf(authenticators, visit, visit.person.pk, [id]);
      if (device === undefined) return bad(unknownKey('id'));
      visit.effects.push(authenticators.rename(visit, visit.person.standing.user, device, name));
      return ok(encodePasskey({ ...device, name }));
    },
  });

/** Removes some; recovery codes go with the last factor that they stand in for. */
export const remove = ({ authenticators, account }: PasskeyDeps) =>
  operation({
    gate: 'authenticated',
    isServed,
    form: { authenticators: keysField() },
    reauthentication: 'always',
    async run(visit, { authenticators: wanted }) {
      const found = await keysOf(authenticators, visit, visit.person.pk, wanted);
      const unknown = wanted.find((pk) => !found.some((device) => device.pk === pk));
      if (unknown !== undefined) return bad(notTheirs(unknown));
      await account.remove(visit, found);
      account.tell(visit, 'webauthn_removed');
      return ok();
    },
  });

async function keysOf(authenticators: Authenticators, visit: Visit, user: number, wanted: readonly number[]) {
  const owned = await authenticators.of(visit, user);
  return owned.filter(({ class: cls, pk }) => cls === 'webauthn' && wanted.includes(pk));
}

function notTheirs(key: number) {
  const message = `Select a valid choice. ${key} is not one of the available choices.`;
  return { message, code: 'invalid_choice', param: 'authenticators' };
}
