/** Checks the architecture rules of this tree; prints what breaks them. */

import { checkArchitecture } from './architecture/check.mjs';
import { root } from './paths.mjs';

const complaints = checkArchitecture(root);
for (const each of complaints) console.log(each);
process.exitCode = complaints.length === 0 ? 0 : 1;
