import { type ApiClient, isOk } from '../../api/api.client.ts';
import { textOf, wireOf } from '../../executor/wire.codec.ts';

/** How far the person is in Duo. `unknown`: the server did not say. */
export type EnrolmentStatus = 'success' | 'waiting' | 'invalid' | 'unknown';

/** Asks whether the code was scanned. */
export async function enrolmentStatus(api: ApiClient, stage: string): Promise<EnrolmentStatus> {
  const path = `/api/v3/stages/authenticator/duo/${encodeURIComponent(stage)}/enrollment_status/`;
  const answer = await api.send('POST', path);
  const said = textOf(wireOf(answer.body), 'duo_response');
  if (!isOk(answer)) return 'unknown';
  return said === 'success' || said === 'waiting' || said === 'invalid' ? said : 'unknown';
}
