#!/bin/sh
# Mails the summary of a run. Needs jq, and sendmail or a program with that name, such as msmtp.
#
#   digicert-contacts apply contacts.csv --yes --notify 'examples/notify/mail.sh pki@example.com'
set -eu
text=$(jq --raw-output --from-file "$(dirname "$0")/summary.jq")
sendmail -t <<MAIL
To: $1
Subject: $(printf '%s\n' "$text" | head -n 1)
Content-Type: text/plain; charset=utf-8

$text
MAIL
