/**
 * Writes the pages of docs/ that are made from code: settings.md and errors.md. With `--check` it writes nothing and fails when a page is out of step.
 */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as auth from '@postern/auth';
import { type ConfigSchema, type SettingsSection, settingsPage } from '@postern/config';
import { changeSetErrors, listErrors } from '@postern/database';
import * as directory from '@postern/directory';
import { type Catalogue, checkCatalogues, common, renderCatalogues } from '@postern/errors';
import * as gateway from '@postern/gateway';
import * as providers from '@postern/providers';
import { rpcErrors } from '@postern/rpc';
import { type AppManifest, cataloguesOf, serviceSettings } from '@postern/service';
import * as standalone from '@postern/standalone';
import * as tasks from '@postern/tasks';

const APPS: AppManifest[] = [gateway, auth, directory, providers, tasks].flatMap((app) =>
  Object.values(app).filter(isManifest),
);

const SECTIONS: SettingsSection[] = [
  { title: 'Every process', schema: serviceSettings },
  ...Object.entries(standalone).flatMap(standaloneSection),
  ...APPS.map(({ name, settings }) => ({ title: `${name.charAt(0).toUpperCase()}${name.slice(1)}`, schema: settings })),
];

const CATALOGUES: Catalogue[] = [common, rpcErrors, listErrors, changeSetErrors, ...cataloguesOf(APPS)];

function isManifest(value: unknown): value is AppManifest {
  return typeof value === 'object' && value !== null && 'settings' in value && 'build' in value;
}

function standaloneSection([name, value]: [string, unknown]): SettingsSection[] {
  return name === 'standaloneSettings' ? [{ title: 'Standalone', schema: value as ConfigSchema }] : [];
}

/** Writes a page, or says that it is out of step. */
function settle(name: string, text: string, isCheck: boolean): string[] {
  const file = join(import.meta.dirname, '../docs', name);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return [];
  if (isCheck) return [`docs/${name} is out of step with the code: npm run generate`];
  writeFileSync(file, text);
  return [];
}

const isCheck = process.argv.includes('--check');
const faults = [
  ...checkCatalogues(CATALOGUES),
  ...settle('settings.md', settingsPage(SECTIONS), isCheck),
  ...settle('errors.md', renderCatalogues(CATALOGUES), isCheck),
];
for (const fault of faults) process.stdout.write(`${fault}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
