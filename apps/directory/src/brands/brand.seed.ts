import { type EntityManager, seedId } from '@postern/database';
import type { Fact, Outbox } from '@postern/messaging';
import { modelFact } from '@postern/resource';
import { factsOf, titleOf } from './brand.codec.ts';
import { Brand } from './brand.entity.ts';
import { brandResource } from './brand.resource.ts';
import { seededFlow } from './flow-slugs.client.ts';

const DOMAIN = 'authentik-default';

/** Gives a new tenant its default brand. */
export async function seedBrand(tenant: string, em: EntityManager, outbox: Outbox): Promise<void> {
  const brand = em.create(Brand, {
    pk: seedId(tenant, brandResource.model, DOMAIN),
    domain: DOMAIN,
    isDefault: true,
    brandingTitle: 'Postern',
    flowAuthentication: seededFlow(tenant, 'default-authentication-flow'),
    flowInvalidation: seededFlow(tenant, 'default-invalidation-flow'),
  });
  em.persist(brand);
  await em.flush();
  const { model, subject } = brandResource;
  const object = { model, pk: brand.pk, name: titleOf(brand), facts: factsOf(brand) };
  const created: Fact = modelFact(subject, 'created', object);
  await outbox.record(em, { tenant }, created);
}
