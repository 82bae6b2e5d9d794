#!/bin/sh
# Posts the summary of a run to an incoming webhook, such as that of Slack or Mattermost. Needs jq and curl.
# The URL is a secret, so it is in a file, as a line `url = "https://..."` for curl.
#
#   digicert-contacts apply contacts.csv --yes --notify 'examples/notify/chat.sh webhook.curl'
set -eu
jq --raw-output --from-file "$(dirname "$0")/summary.jq" \
    | jq --raw-input --slurp '{text: .}' \
    | curl --config "$1" --fail --silent --show-error --max-time 30 --output /dev/null \
        --header 'Content-Type: application/json' --data-binary @-
