#!/usr/bin/env bash
# A scenario on a sandbox account: a colleague leaves, and a department gets a new name. It runs export,
# replace, plan, a canary, apply over an unreliable network, a crash, resume, report and undo. At the end it
# checks that the account is as before, except for what DigiCert cannot restore.
#
#   examples/a-day.sh path/to/digicert-contacts [orders]
set -euo pipefail

command=$(realpath "$1")
orders=${2:-50000}
folder=$(mktemp -d)
export DIGICERT_API_KEY=sandbox-demo-key DIGICERT_STATE_DIR=state
digicert-contacts() { "$command" "$@"; }
# Prints a command without the options for this sandbox, and the last $1 lines of its output.
run() {
    local lines=$1
    shift
    printf '\n$ digicert-contacts %s\n' "$*"
    case $1 in check | runs) ;; *) set -- "$@" "${connection[@]}" ;; esac
    digicert-contacts "$@" 2>&1 | tail -n "$lines"
}
say() { printf '\n# %s\n' "$*"; }
fail() { printf 'a-day: %s\n' "$*" >&2; exit 1; }

cd "$folder"
say "An account of $orders orders (a sandbox on this machine, without its rate limit)"
"$command" sandbox --orders "$orders" --seed 7 --rate-limit off --admin-port 0 --json \
    > sandbox.json 2> /dev/null &
sandbox=$!
trap 'kill "$sandbox" 2> /dev/null || true; rm -rf "$folder"' EXIT
for _ in $(seq 200); do
    grep -q admin_url sandbox.json && break
    sleep 0.1
done
member() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" sandbox.json; }
connection=(--base-url "$(member base_url)" --rate-limit off)
admin=$(member admin_url)

say "Export all contacts"
run 1 export -o before.csv

say "A colleague leaves: find their orders and plan the change to the successor"
leaver=$(curl -s "$admin/state" | sed 's/.*"leavers":\["\([^"]*\)".*/\1/')
cat > successor.json <<'JSON'
{"first_name": "Inés", "last_name": "Ferreira", "email": "ines.ferreira@example.com", "telephone": "+351 21 555 0120"}
JSON
run 15 replace --from "$leaver" --with successor.json -o leaver.csv --plan leaver.json
run 7 apply leaver.json --yes
digicert-contacts find "$leaver" --csv "${connection[@]}" > found.csv 2> /dev/null || fail "the search failed"
[ "$(wc -l < found.csv)" = 1 ] || fail "an order still names the leaver"

say "A department gets a new name: change the job title of every technical contact"
sed -n '1p; /,technical_contact,/p' before.csv \
    | sed '2,$ s/^\([^,]*,[^,]*,[^,]*,[^,]*,[^,]*,\)[^,]*,/\1Certificate Services,/' > department.csv
run 1 check department.csv || fail "the file is invalid"
run 3 plan department.csv -o department.json

say "Change 20 orders first, as a canary"
run 8 apply department.json --limit 20 --yes --journal department.jsonl

say "Apply the rest over an unreliable network: connections break before and after an update is applied"
fault() { curl -s -o /dev/null "$admin/faults" --data "$1" || fail "cannot add a fault"; }
fault '{"action":"reset","probability":0.01,"seed":1,"method":"PUT"}'
fault '{"action":"close","applied":true,"probability":0.01,"seed":2,"method":"PUT"}'
fault '{"action":"status","status":503,"probability":0.01,"seed":3}'
"$command" resume department.jsonl --yes "${connection[@]}" > half.txt 2>&1 &
run=$!
while [ "$(grep -c '"finished"' department.jsonl)" -lt $((orders / 3)) ] && kill -0 "$run" 2> /dev/null; do
    sleep 0.05
done
say "Kill the run with SIGKILL"
kill -9 "$run" 2> /dev/null || true
wait "$run" 2> /dev/null || true
printf 'orders finished before the kill: %s\n' "$(grep -c '"finished"' department.jsonl)"

say "Resume the run until all orders are done"
for _ in $(seq 20); do
    code=0
    run 7 resume department.jsonl --yes || code=$?
    [ "$code" = 0 ] && break
done
[ "$code" = 0 ] || fail "the run did not finish"
curl -s -X DELETE "$admin/faults"

say "Write a report for the change ticket"
run 1 report department.jsonl -o department.html
grep -q 'Content-Security-Policy' department.html || fail "the report has no content security policy"

say "The name was a mistake: undo both runs"
run 3 undo department.jsonl -o back.json || [ $? = 3 ]
run 6 apply back.json --yes --journal back.jsonl
run 2 runs
run 3 undo --last -o back-leaver.json || [ $? = 3 ]
run 6 apply back-leaver.json --yes --journal back-leaver.jsonl

say "Compare with the first export"
run 1 export -o after.csv
# DigiCert cannot clear a field, so only job titles and telephone numbers may differ.
cut -d, -f1-5 before.csv > a.txt
cut -d, -f1-5 after.csv > b.txt
diff -q a.txt b.txt || fail "a name or an address differs"
kept=$(diff before.csv after.csv | grep -c '^>' || true)
printf 'names and addresses are as before; %s contacts keep a title or telephone that was empty\n' "$kept"
