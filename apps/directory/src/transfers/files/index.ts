/** Files of users, groups and roles: what they may say, read and written piece by piece. */

export { FileProblem, type Format, KINDS, type Kind, type Row, RowProblem } from './kinds.ts';
export { type ReadRow, readRows } from './row.reader.ts';
export { writeHead, writeRow } from './row.writer.ts';
