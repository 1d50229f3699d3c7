#!/bin/sh
# Makes the cluster's secrets, once: what is there stays. Each lies in a volume that only those mount who need it.
# Prints the admin's password the first time. Runs as root, in PostgreSQL's image or any other with a shell.
set -eu
umask 077
folder=${STAMPEDE_SECRETS:-/run/stampede}
# The user of the image `stampede` (deploy/Dockerfile).
owner=${STAMPEDE_OWNER:-10001:10001}

random() { od -An -v -tx1 -N "$1" /dev/urandom | tr -d ' \n'; }

# put FILE VALUE: whole or not at all.
put() {
  printf '%s\n' "$2" >"$1.part"
  chown "$owner" "$1.part"
  mv "$1.part" "$1"
}

for part in database master join; do
  mkdir -p "$folder/$part"
  chown "$owner" "$folder/$part"
  chmod 711 "$folder/$part"
done

database=$folder/database/password
if [ ! -s "$database" ]; then
  password=${POSTGRES_PASSWORD:-$(random 24)}
  # libpq's password file: a colon or backslash of a value stands behind a backslash.
  put "$folder/database/pgpass" "*:*:*:stampede:$(printf '%s' "$password" | sed 's/[:\\]/\\&/g')"
  put "$database" "$password"
elif [ -n "${POSTGRES_PASSWORD:-}" ] && [ "$POSTGRES_PASSWORD" != "$(cat "$database")" ]; then
  echo "init: POSTGRES_PASSWORD is left out: the database was made with another one, which stays in force"
fi

# Those of the master may change: what .env says is taken at the next start.
[ -z "${JWT_SECRET_KEY:-}" ] || put "$folder/master/jwt-key" "$JWT_SECRET_KEY"
[ -s "$folder/master/jwt-key" ] || put "$folder/master/jwt-key" "$(random 32)"
[ -z "${STAMPEDE_JOIN_TOKEN:-}" ] || put "$folder/join/token" "$STAMPEDE_JOIN_TOKEN"
[ -s "$folder/join/token" ] || put "$folder/join/token" "$(random 32)"

admin=$folder/master/admin-password
if [ ! -s "$admin" ]; then
  put "$admin" "${STAMPEDE_ADMIN_PASSWORD:-$(random 16)}"
  echo "init: the first admin is called 'admin', with the password $(cat "$admin")"
  echo "init: it is not printed again; sign in with: stampede login --username admin"
fi
echo "init: the secrets are there"
