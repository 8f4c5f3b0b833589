import type { Policies } from './policy.client.ts';

/** Which events can meet a rule of a tenant at all, so that the many that cannot cost no job. */
export type Interest = {
  /** Whether an event with this action may meet a rule. What is not known yet may. */
  mayMeet(tenant: string, action: string): boolean;
  /** Forgets what is known of a tenant: a rule, a policy or a binding changed. */
  forget(tenant: string): void;
};

type Deps = {
  policies: Pick<Policies, 'actions'>;
  /** Keys of the rules of a tenant that can tell anybody anything. */
  rulesOf(tenant: string): Promise<readonly string[]>;
  clock: { now(): Date };
};

/** What is known of a tenant. Undefined actions mean any. */
type Known = { readonly actions: ReadonlySet<string> | undefined; readonly until: number };

/** Other processes change rules and policies, too: nothing is believed for longer. */
const BELIEVED_MS = 2_000;
const MOST_TENANTS = 10_000;

/** Creates the view on what rules are about. It is looked up beside the work, never in its way: until it is known, everything is judged. */
export function createInterest({ policies, rulesOf, clock }: Deps): Interest {
  const known = new Map<string, Known>();
  const asked = new Map<string, symbol>();

  async function look(tenant: string): Promise<void> {
    const question = Symbol(tenant);
    asked.set(tenant, question);
    const actions = await rulesOf(tenant)
      .then((rules) => policies.actions(tenant, rules))
      .catch(() => undefined);
    // Somebody changed something while we looked.
    if (asked.get(tenant) !== question) return;
    asked.delete(tenant);
    if (known.size >= MOST_TENANTS) known.clear();
    known.set(tenant, { actions, until: clock.now().getTime() + BELIEVED_MS });
  }

  return {
    mayMeet(tenant, action) {
      const found = known.get(tenant);
      const isKnown = found !== undefined && found.until > clock.now().getTime();
      if (!isKnown && !asked.has(tenant)) void look(tenant);
      if (!isKnown || found.actions === undefined) return true;
      return found.actions.has(action) || (action.startsWith('custom_') && found.actions.has('custom_'));
    },
    forget(tenant) {
      known.delete(tenant);
      asked.delete(tenant);
    },
  };
}

/** Models whose changes change what meets a rule. */
const MODELS = /^authentik_(?:policies|events)/;

/** Whether an event says that something about rules or policies changed. */
export function changesRules({
  action,
  context,
}: {
  action: string;
  context: Readonly<Record<string, unknown>>;
}): boolean {
  if (!action.startsWith('model_')) return false;
  const { model } = context;
  const app = typeof model === 'object' && model !== null && 'app' in model ? model.app : undefined;
  return typeof app === 'string' && MODELS.test(app);
}
