/**
 * A policy that looks at how sign-ins went before: it passes for an address or a name with a bad record, so that more may be asked of
 * them. The record is a score: one less for each sign-in that failed, one more for each that did not, forgotten after a day.
 */

import { invalidField } from '@postern/errors';
import { flagSetting, integerSetting, type SettingsOf } from '../../plans/index.ts';
import type { PolicyFamily, PolicyKind } from '../policy.model.ts';

const settings = { check_ip: flagSetting(true), check_username: flagSetting(true), threshold: integerSetting(-5) };

/** Settings of a reputation policy. */
export type ReputationSettings = SettingsOf<typeof settings>;

export const reputationFamily: PolicyFamily<ReputationSettings> = {
  model: {
    kind: 'reputation',
    model: 'authentik_policies_reputation.reputationpolicy',
    verboseName: 'Reputation Policy',
    verboseNamePlural: 'Reputation Policies',
    component: 'ak-policy-reputation-form',
  },
  type: 'postern.auth.v1.ReputationPolicy',
  settings,
};

/** The records of addresses and names. */
export type Scores = {
  /** Sum of the scores of an address or a name; what is undefined does not count. */
  readonly sum: (tenant: string, of: { ip: string | undefined; identifier: string | undefined }) => Promise<number>;
};

/** Creates the kind. */
export function createReputationPolicy({ scores }: { scores: Scores }): PolicyKind<ReputationSettings> {
  return {
    family: reputationFamily,
    evaluate: async ({ check_ip, check_username, threshold }, { tenant, user, client }) => {
      const ip = check_ip && client.address !== '' ? client.address : undefined;
      const score = await scores.sum(tenant, { ip, identifier: check_username ? user?.username : undefined });
      return { passing: score <= threshold };
    },
    check: ({ check_ip, check_username }) =>
      check_ip || check_username
        ? undefined
        : invalidField('', 'Either IP or Username must be checked', 'NOTHING_TO_CHECK'),
  };
}
