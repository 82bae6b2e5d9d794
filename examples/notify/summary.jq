# The summary of a run as text. The first line is for the subject of a mail.
"digicert-contacts \(.command): \(.summary.changed) of \(.summary.orders) orders changed" +
  (if .stopped then ", stopped" elif .exit_code != 0 then ", not all done" else "" end),
"",
(.summary | del(.orders) | to_entries[] | select(.value > 0) | "\(.value) \(.key | gsub("_"; " "))"),
if .stopped then "stopped: \(.stopped.message)" else empty end,
if .journal then "journal: \(.journal)" else empty end,
if .resume then "to resume: \(.resume)" else empty end
