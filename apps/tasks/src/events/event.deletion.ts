/**
 * A statement that deletes the events that a condition finds, no more than so many, the last parameter. They are looked for once, whatever the planner
 * expects, and by their key in the months that they lie in: partitions outside of these are not opened.
 */
export function deletionOf(condition: string): string {
  return `with gone as materialized (select pk, created from event where ${condition} limit ?)
    delete from event where pk = any (array(select pk from gone))
      and created between (select min(created) from gone) and (select max(created) from gone) returning 1`;
}
