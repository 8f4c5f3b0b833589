import type { JsonObject } from '../../plans/index.ts';
import type { StageSeal } from '../stage.ports.ts';
import type { DuoEnrollment } from './duo.client.ts';

const LABEL = 'duo.activation';

/** What the plan remembers of an enrolment. Whoever knows its code can make their own device somebody's: it is sealed. */
export function rememberEnrollment(seal: Pick<StageSeal, 'seal'>, enrollment: DuoEnrollment): JsonObject {
  return { enrollment: seal.seal(JSON.stringify(enrollment), LABEL) };
}

/** The enrolment that the plan remembers; undefined for none. */
export function enrollmentIn(seal: Pick<StageSeal, 'open'>, { enrollment }: JsonObject): DuoEnrollment | undefined {
  if (typeof enrollment !== 'string') return undefined;
  const { userId, code, barcode }: Record<string, unknown> = JSON.parse(seal.open(enrollment, LABEL));
  return { userId: String(userId), code: String(code), barcode: String(barcode) };
}
