import { describe, expect, it } from 'vitest';
import { aClient, aUser } from './conformance.fixture.ts';
import { createSealer, rpcErrors } from './index.ts';

const OLD = 'the secret key of last year';
const NEW = 'the secret key of this year';

describe('a sealer', () => {
  it('needs a secret key', () => {
    expect(() => createSealer('short')).toThrow(rpcErrors.SEALING_KEY_MISSING().message);
    expect(() => createSealer([])).toThrow(rpcErrors.SEALING_KEY_MISSING().message);
  });

  it('refuses any token of which one character is changed', () => {
    const sealer = createSealer(NEW);
    const token = sealer.sealClient(aClient());
    for (let index = 0; index < token.length - 1; index += 7) {
      const other = token[index] === 'A' ? 'B' : 'A';
      expect(() => sealer.openClient(token.slice(0, index) + other + token.slice(index + 1))).toThrow();
    }
    expect(sealer.openClient(token)).toEqual(aClient());
  });

  it('knows what it handed out, within its time, and nothing that looks like it', () => {
    let time = 1_000_000;
    const sealer = createSealer(NEW, { now: () => time, leewayMs: 0 });
    const handed = sealer.handClient(aClient());
    const alike = { handed: true, toString: () => String(handed) } as const;
    for (const stranger of [alike, { ...handed }, createSealer(NEW).handClient(aClient())])
      expect(() => sealer.openClient(stranger)).toThrow();
    expect(sealer.openClient(handed)).toEqual(aClient());
    expect(Object.isFrozen(sealer.openClient(handed))).toBe(true);
    // Outside it is a token like any other.
    expect(createSealer(NEW, { now: () => time }).openClient(String(handed))).toEqual(aClient());
    time += 60_000;
    expect(() => sealer.openClient(handed)).toThrow();
  });

  it('refuses a token of one kind as the other', () => {
    const sealer = createSealer(NEW);
    expect(() => sealer.openPrincipal(sealer.sealClient(aClient()).replace('c1', 'p1'))).toThrow();
  });

  it('signs with the first secret and verifies with all of them', () => {
    const rotating = createSealer([NEW, OLD]);
    expect(rotating.openPrincipal(createSealer(OLD).sealPrincipal(aUser()))).toEqual(aUser());
    expect(createSealer(NEW).openPrincipal(rotating.sealPrincipal(aUser()))).toEqual(aUser());
    expect(() => createSealer(OLD).openPrincipal(rotating.sealPrincipal(aUser()))).toThrow();
  });

  it('refuses a principal after its time even when it was verified before', () => {
    let time = 1_000_000;
    const sealer = createSealer(NEW, { now: () => time, leewayMs: 0 });
    const token = sealer.sealPrincipal(aUser(), { ttlMs: 10_000 });
    expect(sealer.openPrincipal(token)).toEqual(aUser());
    time += 10_000;
    expect(() => sealer.openPrincipal(token)).toThrow();
  });

  it('hands out principals that nobody can change', () => {
    const sealer = createSealer(NEW);
    const principal = sealer.openPrincipal(sealer.sealPrincipal(aUser()));
    expect(Object.isFrozen(principal)).toBe(true);
    expect(principal.kind === 'user' && Object.isFrozen(principal.permissions)).toBe(true);
  });

  it('keeps a long list of permissions short enough for a header', () => {
    const permissions = Array.from({ length: 600 }, (_, index) => `authentik_core.change_object_${index}`);
    expect(createSealer(NEW).sealPrincipal(aUser({ permissions })).length).toBeLessThan(8_000);
  });

  it('signs a change set once for the calls of a while, and refuses it after its time', () => {
    let time = 1_000_000;
    const sealer = createSealer(NEW, { now: () => time, leewayMs: 0 });
    const changeSet = { id: 'a', tenant: 'b', vouched: [] };
    const first = sealer.sealChangeSet(changeSet);
    time += 9_000;
    expect(sealer.sealChangeSet(changeSet)).toBe(first);
    expect(sealer.sealChangeSet({ ...changeSet, vouched: ['c'] })).not.toBe(first);
    expect(createSealer(NEW, { now: () => time }).openChangeSet(first)).toEqual(changeSet);
    time += 2_000;
    expect(sealer.sealChangeSet(changeSet)).not.toBe(first);
    time += 19_000;
    expect(() => sealer.openChangeSet(first)).toThrow();
    expect(Object.isFrozen(changeSet)).toBe(true);
  });
});
