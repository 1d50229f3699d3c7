#!/usr/bin/env bash
# What the official image's entrypoint does with POSTGRES_USER, POSTGRES_DB, POSTGRES_PASSWORD_FILE and PGDATA: the
# password is read as root, everything else is done as postgres; the database is made on a server that only a unix
# socket reaches.
set -Eeuo pipefail
fail() {
  echo "error: $*" >&2
  exit 1
}
if [ -n "${POSTGRES_PASSWORD_FILE:-}" ]; then
  [ -z "${POSTGRES_PASSWORD:-}" ] || fail "both POSTGRES_PASSWORD and POSTGRES_PASSWORD_FILE are set"
  export POSTGRES_PASSWORD=$(<"$POSTGRES_PASSWORD_FILE")
  unset POSTGRES_PASSWORD_FILE
fi
if [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA"
  chmod 700 "$PGDATA"
  find "$PGDATA" \! -user postgres -exec chown postgres '{}' +
  exec setpriv --reuid=postgres --regid=postgres --init-groups "$BASH_SOURCE" "$@"
fi
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  [ -n "${POSTGRES_PASSWORD:-}" ] || fail "the database is not there yet, and no password is given for its superuser"
  user=${POSTGRES_USER:-postgres}
  initdb --username="$user" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD")
  printf '\nhost all all all scram-sha-256\n' >>"$PGDATA/pg_hba.conf"
  pg_ctl -D "$PGDATA" -o "$(printf '%q ' "${@:2}") -c listen_addresses='' -p 5432" -w start
  [ "${POSTGRES_DB:-$user}" = postgres ] ||
    psql -v ON_ERROR_STOP=1 -v db="${POSTGRES_DB:-$user}" --username "$user" --no-password --dbname postgres \
      <<<'CREATE DATABASE :"db" ;'
  pg_ctl -D "$PGDATA" -m fast -w stop
  echo "PostgreSQL init process complete; ready for start up."
fi
unset POSTGRES_PASSWORD
exec "$@"
