/** A process of its own that relays the shop's events and keeps the ledger, to be killed. Arguments: one JSON object. */

import { createLocalBus } from '../local.bus.ts';
import { bookkeeper, connectTo, LEDGER, messagingOf, natsBusAt, SHOP } from './parties.ts';

const [, , text = '{}'] = process.argv;
type Arguments = { shop: string; ledger: string; secret: string; durable: string; namespace: string; nats?: string };
const { shop, ledger, secret, durable, namespace, nats }: Arguments = JSON.parse(text);

const bus = nats ? natsBusAt(nats, namespace) : createLocalBus();
const selling = messagingOf(await connectTo(shop, secret, SHOP), bus);
const keeping = messagingOf(await connectTo(ledger, secret, LEDGER), bus);
await keeping.subscribe(bookkeeper(durable));
await keeping.start();
await selling.start();
await bus.start();
