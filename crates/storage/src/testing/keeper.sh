# Keeps one PostgreSQL server for all test processes of a user, and ends it when they have gone.
#   $1 PostgreSQL's programs; $2 the server's folder; $3 the folder of the locks
set -eu
programs=$1 folder=$2 locks=$3
# A folder that nobody holds was left behind by a keeper that was killed; the next start removes it.
exec 7<"$folder"
flock -n 7
exec >"$folder/log" 2>&1

"$programs/initdb" --no-sync -U postgres -A trust -E UTF8 --locale=C.UTF-8 -D "$folder/data"
# If this shell is killed, the server ends with it.
setpriv --pdeathsig QUIT "$programs/postgres" -D "$folder/data" -k "$folder" \
  -c listen_addresses= -c max_connections=500 -c fsync=on 7<&- &
server=$!

# `users` is free when the last process has gone, however it ended; a run starts the next one soon.
# Nobody comes while `starting` is held.
while :; do
  flock "$locks/users" true
  sleep 3
  exec 8<"$locks/starting"
  flock 8
  flock -n "$locks/users" true && break
  exec 8<&-
done
kill -QUIT "$server" || true
wait "$server" || true
rm -rf "$folder"
