import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Api } from './api.client.ts';

const FOLDER = join(import.meta.dirname, '../../../blueprints/example');

/** Applies an example that comes with the installation, as an administrator does who wants it. */
export async function applyExample(api: Api, file: string): Promise<void> {
  const content = await readFile(join(FOLDER, file), 'utf8');
  const { pk } = await api.post('/managed/blueprints/', { name: file, content, enabled: true });
  const { status } = await api.post(`/managed/blueprints/${pk}/apply/`, {});
  if (status !== 'successful') throw new Error(`the example ${file} is ${status}`);
}
