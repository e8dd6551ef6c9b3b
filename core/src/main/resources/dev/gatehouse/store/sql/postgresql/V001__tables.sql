-- Gatehouse tables for PostgreSQL. Keys compare by byte: collation "C". May be run by hand: replace ${prefix} by the table prefix, "gh_" by default.
create table ${prefix}record (
  env        varchar(40) collate "C" not null,
  kind       varchar(40) collate "C" not null,
  id         varchar(80) collate "C" not null,
  version    bigint not null,
  created_at bigint not null, -- milliseconds since 1970-01-01T00:00Z, as all times here
  updated_at bigint not null,
  expires_at bigint,
  text       varchar(500) collate "C",
  body       text not null,
  primary key (env, kind, id)
);
create index ${prefix}record_expires on ${prefix}record (expires_at);
create table ${prefix}unique (
  env   varchar(40) collate "C" not null,
  kind  varchar(40) collate "C" not null,
  idx   varchar(40) collate "C" not null,
  val   varchar(255) collate "C" not null,
  id    varchar(80) collate "C" not null,
  primary key (env, kind, idx, val)
);
create index ${prefix}unique_id on ${prefix}unique (env, kind, id);
create table ${prefix}lookup (
  env   varchar(40) collate "C" not null,
  kind  varchar(40) collate "C" not null,
  idx   varchar(40) collate "C" not null,
  val   varchar(255) collate "C" not null,
  id    varchar(80) collate "C" not null,
  primary key (env, kind, idx, val, id)
);
create index ${prefix}lookup_id on ${prefix}lookup (env, kind, id);
create table ${prefix}counter (
  env        varchar(40) collate "C" not null,
  name       varchar(255) collate "C" not null,
  val        bigint not null,
  expires_at bigint not null,
  primary key (env, name)
);
create index ${prefix}counter_expires on ${prefix}counter (expires_at);
create table ${prefix}lease (
  name       varchar(80) collate "C" not null primary key,
  owner      varchar(80) collate "C" not null,
  expires_at bigint not null
);
create table ${prefix}journal (
  env    varchar(40) collate "C" not null,
  stream varchar(80) collate "C" not null,
  id     varchar(80) collate "C" not null,
  at     bigint not null,
  body   text not null,
  primary key (env, stream, id)
);
