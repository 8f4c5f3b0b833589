import { text, url } from '@postern/config';

/** Settings of the administration. */
export const ADMINISTRATION_SETTINGS = {
  environment: text(
    'Kind of installation that administrators are told. Default: `kubernetes` or `compose` in a container, else `custom`.',
  ),
  buildHash: text('Commit that the installation was built from, for what is no release.', ''),
  versionCheckUrl: url(
    'Document that is asked every hour for the latest version: `{"stable": {"version": "1.2.3"}}`. Without one, nobody is asked.',
  ),
};
