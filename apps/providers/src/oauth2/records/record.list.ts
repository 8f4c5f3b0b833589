import { asNumber, defineList, exact, type List } from '@postern/database';
import {
  AccessTokenEntity,
  type AccessTokenRow,
  CodeEntity,
  type CodeRow,
  RefreshTokenEntity,
  type RefreshTokenRow,
} from '../tokens/index.ts';

const OFFERED = {
  filters: { provider: exact('grant.provider', asNumber), user: exact('grant.user', asNumber) },
  search: ['grant.provider.name', 'grant.provider.clientId'],
  // Other orders would sort every token of the tenant: no index but this one earns its keep.
  ordering: { expires: 'expires' },
  defaultOrder: ['-expires'],
} as const;

/** What the lists offer. */
export const codeList: List<CodeRow> = defineList({ entity: CodeEntity, ...OFFERED });
export const accessTokenList: List<AccessTokenRow> = defineList({ entity: AccessTokenEntity, ...OFFERED });
export const refreshTokenList: List<RefreshTokenRow> = defineList({ entity: RefreshTokenEntity, ...OFFERED });
