import type { ConfigOf } from '@postern/config';
import type { Egress } from '@postern/egress';
import { createJobs } from '@postern/jobs';
import { auth, directory } from '@postern/proto';
import type { ResourceDeps } from '@postern/resource';
import type { AppParts, StoringDeps } from '@postern/service';
import { joinParts } from './feature.ts';
import * as mail from './mail/index.ts';
import * as mappings from './notification-mappings/index.ts';
import * as notifications from './notifications/index.ts';
import * as rules from './rules/index.ts';
import * as transports from './transports/index.ts';

/** What the features that tell people of events declare. */
export const TELLING = {
  entities: [
    mappings.NotificationMapping,
    transports.Transport,
    rules.Rule,
    notifications.Notification,
    mail.OutgoingMail,
    mail.KeptMail,
  ],
  migrations: [
    ...mappings.NOTIFICATION_MAPPING_MIGRATIONS,
    ...transports.TRANSPORT_MIGRATIONS,
    ...rules.RULE_MIGRATIONS,
    ...notifications.NOTIFICATION_MIGRATIONS,
    ...mail.MAIL_MIGRATIONS,
  ],
  models: [
    mappings.referableNotificationMappings,
    transports.referableTransports,
    rules.referableRules,
    rules.referableRuleTargets,
    notifications.referableNotifications,
  ],
  errors: [transports.transportErrors, rules.ruleErrors, mail.mailErrors],
  settings: { email: mail.emailSettings },
} as const;

type Deps = ResourceDeps &
  Pick<StoringDeps<unknown>, 'client' | 'clock' | 'expressions' | 'log' | 'secrets'> & {
    readonly config: { readonly email: ConfigOf<typeof mail.emailSettings> };
    readonly egress: Egress;
  };

/** The parts of those features, and what must hear of each stored event. */
export type TellingParts = AppParts & Pick<rules.RuleParts, 'onStored'>;

/** Puts together what tells people of events: rules, transports, notifications and mail. */
export function createTelling({
  config,
  client,
  clock,
  expressions,
  log,
  secrets,
  egress,
  ...plain
}: Deps): TellingParts {
  const { db, outbox, neighbours } = plain;
  const jobs = createJobs({ outbox });
  const post = mail.createMail({ db, outbox, jobs, settings: config.email, log, clock });
  const { mailer, composer } = post;
  const users = client(directory.UserDirectoryServiceDefinition);
  const ways = transports.createTransports({ ...plain, clock, secrets, expressions, egress, mailer, composer, users });
  const judged = rules.createRules({
    ...plain,
    ...ways,
    jobs,
    clock,
    groups: client(directory.GroupDirectoryServiceDefinition),
    policies: {
      evaluation: client(auth.PolicyEvaluationServiceDefinition),
      bindings: client(auth.PolicyBindingServiceDefinition),
    },
  });
  const told = {
    services: [notifications.bindNotifications({ db, neighbours })],
    jobs: [notifications.cleanUpJob({ db, clock })],
  };
  const programs = { services: [mappings.bindNotificationMappings({ ...plain, expressions })] };
  return { ...joinParts([told, programs, post, ways, judged]), onStored: judged.onStored };
}
