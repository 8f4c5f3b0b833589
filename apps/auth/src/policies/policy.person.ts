import type { PendingUser } from '../plans/index.ts';

/** Somebody whom policies are asked about. */
export type PolicyPerson = {
  readonly pk: number;
  readonly uuid: string;
  readonly username: string;
  readonly name: string;
  readonly email: string;
};

/** A person as policies are asked about them. */
export function asUser(person: PolicyPerson | undefined): PendingUser | undefined {
  return person && { kind: 'account', pk: person.pk, uuid: person.uuid, username: person.username };
}
