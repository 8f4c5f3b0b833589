import type { directory } from '@postern/proto';
import type { OAuth2Client } from '../../clients/index.ts';

type SubMode = OAuth2Client['subMode'];

const SUBJECTS: Readonly<Record<SubMode, (person: directory.User) => string>> = {
  hashed_user_id: ({ uid }) => uid,
  user_id: ({ pk }) => String(pk),
  user_uuid: ({ uuid }) => uuid,
  user_username: ({ username }) => username,
  user_email: ({ email }) => email,
  user_upn: ({ attributes, uid }) => {
    const upn: unknown = attributes?.upn;
    return typeof upn === 'string' && upn !== '' ? upn : uid;
  },
};

/** The name of a person in the tokens of a client: OpenID Connect Core, section 2, `sub`. */
export function subjectOf({ subMode }: Pick<OAuth2Client, 'subMode'>, person: directory.User): string {
  return SUBJECTS[subMode](person);
}
