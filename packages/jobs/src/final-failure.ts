/** A failure that trying again cannot cure: the job becomes a dead letter at once. The message is for administrators. */
export class FinalFailure extends Error {
  override readonly name: string = 'FinalFailure';
}
