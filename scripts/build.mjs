/** `npm run build`: what `npm start` and the image run from. */

import { prepareBuild } from './prepare.mjs';

prepareBuild();
