import { createHash, pbkdf2Sync } from 'node:crypto';
import * as argon2 from '@node-rs/argon2';
import * as bcrypt from '@node-rs/bcrypt';
import { describe, expect, it } from 'vitest';
import { createHashQueue } from './hash.queue.ts';
import { createPasswordHasher } from './password.hasher.ts';

const hasher = createPasswordHasher({ queue: createHashQueue({ concurrency: 2, limit: 10 }) });
const PASSWORD = 'lètmein';

describe('a password', () => {
  it.each([
    ['an empty hash', ''],
    ['the hash of nobody', '!unusable'],
    ['a format that is not known', 'md5$salt$hash'],
    ['a hash that is cut', 'pbkdf2_sha256$10000$seasalt$'],
    ['iterations without end', `pbkdf2_sha256$99999999999$s$${Buffer.alloc(32).toString('base64')}`],
    ['an argon2 hash that is cut', '$argon2id$v=19$m=19456'],
    ['a bcrypt hash that is cut', 'bcrypt$$2b$12$abc'],
  ])('fits no hash like %s', async (_name, encoded) => {
    expect(await hasher.verify(encoded, PASSWORD)).toBe(false);
    expect(await hasher.verify(encoded, '')).toBe(false);
  });

  it('is refused above 4096 bytes, by the name of the field, and never cut', async () => {
    await expect(hasher.hash('é'.repeat(2049))).rejects.toMatchObject({ violations: [{ field: 'password' }] });
    const encoded = await hasher.hash('é'.repeat(2048));
    expect(await hasher.verify(encoded, 'é'.repeat(2048))).toBe(true);
    expect(await hasher.verify(encoded, 'é'.repeat(2049))).toBe(false);
  });

  it('is hashed with argon2id, 19 MiB, two passes, one lane', async () => {
    const encoded = await hasher.hash(PASSWORD);
    expect(encoded).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(hasher.isOutdated(encoded)).toBe(false);
    expect(await hasher.verify(encoded, PASSWORD)).toBe(true);
    expect(await hasher.verify(encoded, 'letmein')).toBe(false);
  });

  it('is hashed at the cost that is set, and anew where a hash cost something else', async () => {
    const usual = await hasher.hash(PASSWORD);
    const light = createPasswordHasher({
      queue: createHashQueue({ concurrency: 1, limit: 1 }),
      cost: { memoryKib: 1024, passes: 1 },
    });
    expect([light.isOutdated(usual), await light.verify(usual, PASSWORD)]).toEqual([true, true]);
    const encoded = await light.hash(PASSWORD);
    expect(encoded).toMatch(/^\$argon2id\$v=19\$m=1024,t=1,p=1\$/);
    expect([light.isOutdated(encoded), hasher.isOutdated(encoded)]).toEqual([false, true]);
  });

  const sha256 = createHash('sha256').update(PASSWORD).digest('hex');
  const weak = { memoryCost: 1024, timeCost: 1, parallelism: 1 };
  it.each([
    ['PBKDF2', 'pbkdf2_sha256$10000$seasalt$CWWFdHOWwPnki7HvkcqN9iA2T3KLW1cf2uZ5kvArtVY='],
    ['PBKDF2 with SHA-1', `pbkdf2_sha1$10$salt$${pbkdf2Sync(PASSWORD, 'salt', 10, 20, 'sha1').toString('base64')}`],
    ['argon2', `argon2${argon2.hashSync(PASSWORD, weak)}`],
    ['bcrypt', `bcrypt$${bcrypt.hashSync(PASSWORD, { cost: 4 })}`],
    ['bcrypt with SHA-256', `bcrypt_sha256$${bcrypt.hashSync(sha256, { cost: 4 })}`],
  ])('fits the hash that Django made of it with %s, which is to be made anew', async (_name, encoded) => {
    expect(await hasher.verify(encoded, 'letmein')).toBe(false);
    expect(await hasher.verify(encoded, PASSWORD)).toBe(true);
    expect(hasher.isOutdated(encoded)).toBe(true);
  });
});

describe('the queue', () => {
  /** A task that waits for the test. */
  const aTask = () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    return { run: () => promise, finish: resolve };
  };

  it('turns away whoever finds it full, at once, and serves the others', async () => {
    const queue = createHashQueue({ concurrency: 1, limit: 1 });
    const [first, second] = [aTask(), aTask()];
    const done = [queue.run(first.run), queue.run(second.run)];
    await expect(queue.run(async () => undefined)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      reason: 'SIGN_IN_OVERLOADED',
    });
    first.finish();
    second.finish();
    await Promise.all(done);
    await expect(queue.run(async () => 'again')).resolves.toBe('again');
  });

  it('never runs more at once than it says, even when one fails', async () => {
    const queue = createHashQueue({ concurrency: 2, limit: 100 });
    const seen = { running: 0, most: 0 };
    const task = async (fails: boolean) => {
      seen.running += 1;
      seen.most = Math.max(seen.most, seen.running);
      await Promise.resolve();
      seen.running -= 1;
      if (fails) throw new Error('failed');
    };
    await Promise.allSettled(Array.from({ length: 50 }, (_, index) => queue.run(() => task(index % 3 === 0))));
    expect(seen).toEqual({ running: 0, most: 2 });
  });
});
