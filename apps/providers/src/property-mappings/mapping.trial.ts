import { common, invalidField } from '@postern/errors';
import { ExpressionError, type Value } from '@postern/expressions';
import type { directory } from '@postern/proto';
import type { Call } from '@postern/rpc';
import type { MappingProgram, MappingPrograms } from './mapping.programs.ts';
import { pythonJson } from './python-json.ts';

/** What is tried, and on whom. */
export type MappingTrial = {
  readonly mapping: MappingProgram;
  readonly person: directory.User;
  /** Variables that the program finds besides, and in `request.context`. */
  readonly context: { readonly [name: string]: Value | undefined };
  readonly isLaidOut: boolean;
};

/** Names that a program knows already, and that no trial may replace. */
const TAKEN: ReadonlySet<string> = new Set(['user', 'request']);
const IDENTIFIER = /^[A-Za-z_]\w*$/;

/** Tries a program. What it does wrong is a result like any other: it is tried out to be seen. */
export async function tryMapping(
  programs: MappingPrograms,
  { mapping, person, context, isLaidOut }: MappingTrial,
  call: Call,
): Promise<{ result: string; successful: boolean }> {
  const variables = Object.entries(context).filter(([name]) => IDENTIFIER.test(name) && !TAKEN.has(name));
  const about = { person, context, others: Object.fromEntries(variables), isTrial: true };
  try {
    const value = await programs.run(mapping, about, call);
    return { result: pythonJson(value, isLaidOut ? 4 : 0), successful: true };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return { result: textOf(error), successful: false };
  }
}

/** What Python says of an exception, without the name of its class. */
function textOf({ failure, message }: ExpressionError): string {
  return failure === 'raised' ? message.replace(/^\w+(: |$)/, '') : message;
}

/** Whoever may not see users learns nothing of who exists; whoever may is told which field is wrong. */
export function unknownUser(user: number) {
  return (error: unknown): never => {
    if (!common.NOT_FOUND.is(error)) throw error;
    throw invalidField('user', `Invalid pk "${user}" - object does not exist.`, 'REFERENCE_NOT_FOUND');
  };
}
