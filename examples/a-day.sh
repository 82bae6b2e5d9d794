#!/usr/bin/env bash
# A day in an account, from beginning to end, on a sandbox: somebody left, and a department gets a new
# name. Export, replace, plan, canary, apply over a bad network, crash, resume, report, undo; and at the
# end it is checked that the account is as it was, but for what DigiCert can't put back.
#
#   examples/a-day.sh path/to/digicert-contacts [orders]
set -euo pipefail

command=$(realpath "$1")
orders=${2:-50000}
folder=$(mktemp -d)
export DIGICERT_API_KEY=sandbox-demo-key
digicert-contacts() { "$command" "$@"; }
# Shows a command without where this sandbox is, and the last so many lines of what it prints.
run() {
    local last=$1
    shift
    printf '\n$ digicert-contacts %s\n' "$*"
    [ "$1" = check ] || set -- "$@" "${here[@]}"
    digicert-contacts "$@" 2>&1 | tail -n "$last"
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
told() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" sandbox.json; }
here=(--base-url "$(told base_url)" --rate-limit off)
admin=$(told admin_url)

say "What is there"
run 1 export -o before.csv

say "Somebody left: find every order, put the successor in their place, and look at it first"
leaver=$(curl -s "$admin/state" | sed 's/.*"leavers":\["\([^"]*\)".*/\1/')
cat > successor.json <<'JSON'
{"first_name": "Inés", "last_name": "Ferreira", "email": "ines.ferreira@example.com", "telephone": "+351 21 555 0120"}
JSON
run 14 replace --from "$leaver" --with successor.json -o leaver.csv --plan leaver.json
run 2 apply leaver.json --yes --journal leaver.jsonl
[ "$(digicert-contacts export -o - --contact "$leaver" "${here[@]}" 2> /dev/null | wc -l)" -le 1 ] \
    || fail "the leaver is still somewhere"

say "A department has a new name: every technical contact gets another title"
sed -n '1p; /,technical_contact,/p' before.csv \
    | sed '2,$ s/^\([^,]*,[^,]*,[^,]*,[^,]*,[^,]*,\)[^,]*,/\1Certificate Services,/' > department.csv
run 1 check department.csv || fail "the file is wrong"
run 2 plan department.csv -o department.json

say "A canary first"
run 5 apply department.json --limit 20 --yes --journal department.jsonl

say "Then a bad network: connections break before and after the change is made"
fault() { curl -s -o /dev/null "$admin/faults" --data "$1" || fail "no fault"; }
fault '{"action":"reset","probability":0.01,"seed":1,"method":"PUT"}'
fault '{"action":"close","applied":true,"probability":0.01,"seed":2,"method":"PUT"}'
fault '{"action":"status","status":503,"probability":0.01,"seed":3}'
"$command" resume department.jsonl --yes "${here[@]}" > half.txt 2>&1 &
run=$!
while [ "$(grep -c '"finished"' department.jsonl)" -lt $((orders / 3)) ] && kill -0 "$run" 2> /dev/null; do
    sleep 0.05
done
say "In the middle of it, the machine dies (kill -9 of the run)"
kill -9 "$run" 2> /dev/null || true
wait "$run" 2> /dev/null || true
printf 'orders that had come to their end: %s\n' "$(grep -c '"finished"' department.jsonl)"

say "It is gone on with where it ended, and again where a run stops early"
for _ in $(seq 20); do
    ended=0
    run 5 resume department.jsonl --yes || ended=$?
    [ "$ended" = 0 ] && break
done
[ "$ended" = 0 ] || fail "the run did not come to its end"
curl -s -X DELETE "$admin/faults"

say "A page for the change ticket"
run 1 report department.jsonl -o department.html
grep -q 'Content-Security-Policy' department.html || fail "a page without a policy"

say "The name was a mistake: everything back"
run 3 undo department.jsonl -o back.json || [ $? = 3 ]
run 2 apply back.json --yes --journal back.jsonl
run 3 undo leaver.jsonl -o back-leaver.json || [ $? = 3 ]
run 2 apply back-leaver.json --yes --journal back-leaver.jsonl

say "Is everything as it was?"
run 1 export -o after.csv
# What was empty before can't be emptied: only titles and telephones may differ.
cut -d, -f1-5 before.csv > a.txt
cut -d, -f1-5 after.csv > b.txt
diff -q a.txt b.txt || fail "a name or an address is not what it was"
stay=$(diff before.csv after.csv | grep -c '^>' || true)
printf 'names and addresses are as they were; %s contacts keep a title or telephone that was empty\n' "$stay"
