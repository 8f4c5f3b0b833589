/** Where things are. */

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
export const modules = join(root, 'node_modules');
export const stamps = join(modules, '.cache', 'postern');
export const bin = (name) => join(modules, '.bin', name);
