import { type Environment, loadConfig } from '@postern/config';
import { serviceSettings } from '@postern/service';
import { sendTestMail, tasks } from '@postern/tasks';
import { loadAll } from './roles.ts';
import { standaloneSettings } from './standalone.settings.ts';

/** `postern test-mail <address>`: sends one mail with the settings of this environment, at once, and says what became of it. */
export async function testMail(address: string, env: Environment): Promise<void> {
  const manifests = await loadAll();
  const known = [serviceSettings, standaloneSettings, ...manifests.map(({ settings }) => settings)];
  try {
    const { email } = loadConfig(tasks.settings, { env, known });
    process.stdout.write(`${await sendTestMail(email, address)}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
