import type { auth, directory, providers, tasks } from '@postern/proto';
import type { Client, ServiceName } from '@postern/rpc';
import type { DirectoryClients } from './directory.client.ts';

/** The services that flows talk to. */
export type FlowClients = DirectoryClients & {
  readonly brands: Pick<Client<directory.BrandServiceDefinition>, 'getCurrentBrand'>;
  readonly mail: Pick<Client<tasks.MailServiceDefinition>, 'sendMail' | 'listMailTemplates'>;
  readonly mappings: Pick<Client<tasks.NotificationWebhookMappingServiceDefinition>, 'getNotificationWebhookMapping'>;
  readonly userCodes: Pick<Client<providers.UserCodeServiceDefinition>, 'findUserCode'>;
  readonly completionOf: (service: ServiceName) => Pick<Client<auth.FlowCompletionServiceDefinition>, 'complete'>;
};
