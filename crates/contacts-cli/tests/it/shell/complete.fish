# Prints what Tab offers: complete.fish SCRIPT LINE
source $argv[1]
complete --do-complete $argv[2] | string replace --regex '\t.*' '' | string replace --regex '^--.*=' ''
