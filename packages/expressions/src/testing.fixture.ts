import { mkdtempSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, type Logger } from '@postern/observability';
import { commandLine, findWrappers } from './confinement.ts';
import type { Evaluation, Expression, ExpressionSettings, Expressions, HostFunctions } from './contract.ts';
import { createExpressions } from './expressions.ts';
import { fetchSnapshot, type Interpreter, startInterpreter } from './interpreter.ts';
import type { UserFacts } from './people.ts';
import { findPlaces } from './places.ts';

/** A log that keeps its lines. */
export function aLog(): { log: Logger; lines: string[] } {
  const lines: string[] = [];
  return { log: createLogger({ level: 'debug', output: { write: (line) => lines.push(line) } }), lines };
}

/** An engine of its own, without a snapshot and without a spare interpreter unless the settings say so. */
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

/** A snapshot in that folder, for interpreters outside any engine. */
export async function aSnapshot(folder: string): Promise<string> {
  const file = join(folder, 'python.snapshot');
  await writeFile(file, await fetchSnapshot(commandLine([], findPlaces(), 'snapshot', { memory: MEMORY })));
  return file;
}

const MEMORY = 192 << 20;

/** An interpreter outside any engine; `wrapped` puts the programs of the system around it that an engine would. */
export async function anInterpreter(options: { wrapped: boolean; snapshot: string }): Promise<Interpreter> {
  const { wrapped, snapshot } = options;
  const line = commandLine(wrapped ? await findWrappers() : [], findPlaces(), 'serve', { memory: MEMORY, snapshot });
  return startInterpreter({ line, memory: MEMORY, softMs: 2_000, hardMs: 4_000 });
}

/** What Python says about a code: its value, or what it raised. */
export async function outcomeOf(engine: Expressions, expression: Expression): Promise<Evaluation | Error> {
  return engine.evaluate(expression).catch((error: Error) => error);
}
