import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, type Logger } from '@postern/observability';
import { commandLine, findWrappers } from './confinement.ts';
import type { Evaluation, Expression, ExpressionSettings, Expressions, HostFunctions } from './contract.ts';
import { createExpressions } from './expressions.ts';
import { fetchSnapshot, type Interpreter, startInterpreter } from './interpreter.ts';
import type { UserFacts } from './people.ts';
import { findPlaces } from './places.ts';
import { limitsOf } from './settings.ts';
import { createSnapshots } from './snapshot.ts';

/** A log that keeps its lines. */
export function aLog(): { log: Logger; lines: string[] } {
  const lines: string[] = [];
  return { log: createLogger({ level: 'debug', output: { write: (line) => lines.push(line) } }), lines };
}

/** An engine of its own, without a spare interpreter unless the settings say so. */
export function anEngine(settings: ExpressionSettings = {}, functions: HostFunctions = {}): Expressions {
  return createExpressions({ log: aLog().log, settings: { spare: 0, interpreters: 1, ...settings }, functions });
}

/** A mapping of one tenant, with what is given. */
export function aMapping(code: string, more: Partial<Expression> = {}): Expression {
  return { tenant: 'one', name: 'test', kind: 'mapping', code, variables: {}, ...more };
}

export function aPolicy(code: string, more: Partial<Expression> = {}): Expression {
  return { ...aMapping(code, more), kind: 'policy' };
}

export const ALICE: UserFacts = {
  pk: 7,
  uuid: 'b5ad7f0e-7d55-4a29-9d5f-7f7cf6d6c6f3',
  username: 'alice',
  name: 'Alice Liddell',
  email: 'Alice@Example.com',
  path: 'users',
  type: 'internal',
  uid: 'c0ffee',
  is_active: true,
  attributes: { department: 'Research', settings: { locale: 'de' }, phone: ['+41 1', '+41 2'], quota: { disk: 5 } },
  date_joined: new Date('2024-03-01T10:00:00Z'),
  groups: [
    {
      pk: 'a1',
      name: 'readers',
      is_superuser: false,
      attributes: { quota: { disk: 1, mail: 2 }, floor: 3 },
      parent: { pk: 'a0', name: 'everyone', is_superuser: false, attributes: { floor: 1, site: 'Basel' } },
    },
    { pk: 'b1', name: 'app-admins', is_superuser: false, attributes: { role: 'admin' } },
  ],
};

/** A folder for snapshots. Remove it in the end. */
export function aFolder(): string {
  return mkdtempSync(join(tmpdir(), 'postern-expressions-'));
}

/** An interpreter outside any engine; `wrapped` puts the programs of the system around it that an engine would. */
export async function anInterpreter(wrapped: boolean): Promise<Interpreter> {
  const [places, wrappers] = [findPlaces(), wrapped ? await findWrappers() : []];
  const { cacheDir: folder, ...limits } = limitsOf({ softMs: 2_000, hardMs: 4_000 });
  const { memory } = limits;
  const make = () => fetchSnapshot(commandLine([], places, 'snapshot', { memory }));
  const snapshot = await createSnapshots({ folder, version: places.version, make, log: aLog().log }).find();
  return startInterpreter({ line: commandLine(wrappers, places, 'serve', { memory, snapshot }), ...limits });
}

/** What Python says about a code: its value, or what it raised. */
export async function outcomeOf(engine: Expressions, expression: Expression): Promise<Evaluation | Error> {
  return engine.evaluate(expression).catch((error: Error) => error);
}
