/**
 * A number made of the key of a group, for systems that want one (LDAP's `gidNumber`): the first five decimal digits of the key read as one
 * large integer. Two groups may share it; the contract knows.
 */
export function groupNumber(pk: string): number {
  const digits = BigInt(`0x${pk.replaceAll('-', '')}`).toString();
  return Number(digits.slice(0, 5));
}
