/** Somebody whom policies are asked about. */
export type PolicyPerson = {
  readonly pk: number;
  readonly uuid: string;
  readonly username: string;
  readonly name: string;
  readonly email: string;
};
