import { enableTenancy, trigramIndex } from '@postern/database';

/** Where words end, in what is searched and in what is searched for. */
export const SEPARATORS = ` "'{}[]()<>:,;/\\|&?=!#*\t\n\r`;

/** Words of nearly every event: they would find everything, so they are no words. */
export const STOP_WORDS = ['username', 'email', 'http_request', 'args', 'path', 'method', 'user_agent', 'api', 'v3'];

const SEPARATORS_SQL = `e'${SEPARATORS.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

// What the contract searches, but for the key of the event: that one would be a word of its own in every event.
const WORDS_OF = `create function event_words("user" jsonb, action text, app text, context jsonb, client_ip text) returns text[]
  language sql immutable parallel safe as $$
  select array(
    select distinct left(word, 64)
    from unnest(string_to_array(translate(lower(concat_ws(' ', action, app, client_ip, "user"::text, context::text)),
      ${SEPARATORS_SQL}, repeat(' ', ${SEPARATORS.length})), ' ')) as word
    where length(word) > 1 and word <> all ('{${STOP_WORDS.join(',')}}')
    limit 400)
$$`;

const WORD_ID = `create function event_word_id(tenant uuid, word text) returns int
  language sql immutable parallel safe as $$ select ('x' || left(md5(tenant::text || word), 8))::bit(32)::int $$`;

// A word that is known for the month is only read: locking it would make events wait for one another.
const NOTE_WORDS = `create function note_event_words() returns trigger language plpgsql as $$
declare
  words text[] := event_words(new."user", new.action, new.app, new.context, new.client_ip);
  month date := event_month_of(new.created);
begin
  new.words := array(select event_word_id(new.tenant_id, word) from unnest(words) as word);
  insert into event_word (tenant_id, word, id, seen)
    select new.tenant_id, w.word, event_word_id(new.tenant_id, w.word), month from unnest(words) as w (word)
    where not exists (select from event_word known
      where known.tenant_id = new.tenant_id and known.word = w.word and known.seen >= month)
    order by w.word
    on conflict (tenant_id, word) do update set seen = greatest(event_word.seen, excluded.seen);
  return new;
end $$`;

/**
 * Search: each event has the numbers of its words, and a dictionary has the words, so that a part of a word is looked for in the dictionary and
 * events are found by number. Numbers follow from tenant and word: no event of another tenant has the same ones.
 */
export const EVENT_WORDS: readonly string[] = [
  `create table event_word (
    tenant_id uuid not null default current_setting('postern.tenant')::uuid,
    word text not null,
    id int not null,
    seen date not null,
    primary key (tenant_id, word)
  )`,
  ...enableTenancy('event_word'),
  trigramIndex('event_word', ['word']),
  WORDS_OF,
  WORD_ID,
  NOTE_WORDS,
  `alter table event add column words int[] not null default '{}'`,
  'create trigger note_words before insert or update on event for each row execute function note_event_words()',
  // Whether lists of numbers overlap gives nothing away; a superuser can say so, and without that a search reads more.
  `do $$ begin
    alter function pg_catalog.arrayoverlap(anyarray, anyarray) leakproof;
  exception when insufficient_privilege then null;
  end $$`,
  'create index event__words on event using gin (words) with (fastupdate = off)',
];
