#!/usr/bin/env node
/** The `postern` command. */

import { runCommand } from './command.ts';

await runCommand(process.argv.slice(2));
