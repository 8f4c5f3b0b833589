/** All rules over a tree. */

import { bannedPatterns, environmentInConfig, fileSizes, names } from './habits.mjs';
import * as imports from './rules.mjs';
import { readTree } from './sources.mjs';

const RULES = [
  imports.noCycles,
  imports.noDeepImports,
  imports.noEscape,
  imports.noAppImports,
  imports.layers,
  imports.featureDoors,
  imports.protoAtTheEdge,
  imports.ormInItsPlace,
  imports.fastifyInTheGateway,
  imports.testsStayOutside,
  fileSizes,
  names,
  environmentInConfig,
  bannedPatterns,
];

/** What is wrong, one sentence each, without repeats. */
export function checkArchitecture(root) {
  const tree = readTree(root);
  return [...new Set(RULES.flatMap((rule) => rule(tree)))].sort();
}
