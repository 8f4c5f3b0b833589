/** Something is wrong that whoever runs the command can mend. */
export class Refused extends Error {
  override readonly name = 'Refused';
}
