import { expect, it } from 'vitest';
import { seal, UnsealError, unseal } from './seal.ts';

const SECRETS = { 'secrets/a/key': 'größe\n"quoted"', 'secrets/b/token': '' };
const PASSPHRASE = 'a long walk in the hills';

it('refuses another passphrase, a changed text, and what is no sealed text', async () => {
  const sealed = await seal(SECRETS, PASSPHRASE);
  const changed = sealed.slice(0, -2) + (sealed.endsWith('AA') ? 'BB' : 'AA');
  await expect(unseal(sealed, `${PASSPHRASE} `)).rejects.toThrow(UnsealError);
  await expect(unseal(changed, PASSPHRASE)).rejects.toThrow(UnsealError);
  for (const text of ['', 'postern-secrets:v1:', 'postern-secrets:v2:AAAA', '{"a": "b"}']) {
    await expect(unseal(text, PASSPHRASE)).rejects.toThrow('These are no sealed secrets.');
  }
});

it('gives back what was sealed, and never seals the same twice', async () => {
  const [one, other] = [await seal(SECRETS, PASSPHRASE), await seal(SECRETS, PASSPHRASE)];
  expect(one).not.toBe(other);
  expect(one).not.toContain('\n');
  expect(await unseal(`${one}\n`, PASSPHRASE)).toEqual(SECRETS);
});
