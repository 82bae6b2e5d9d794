# Prints what Tab offers, by pressing Tab in an interactive zsh: complete.zsh SCRIPT LINE
# The script must be named `_digicert-contacts`.
zmodload zsh/zpty
export TERM=dumb SCRIPT_FOLDER=${1:h}
setup=$1.setup
cat > $setup <<'SETUP'
PROMPT= RPROMPT=
fpath=($SCRIPT_FOLDER $fpath)
autoload -Uz compinit && compinit -D -u
compadd() {
    if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
        builtin compadd "$@"
        return
    fi
    local -a matches
    builtin compadd -A matches "$@"
    (( $#matches )) && print -rl -- '' "offered: "$^matches
}
finish() { print -r -- '::END::'; exit }
comppostfuncs=(finish)
print '::READY::'
SETUP
zpty shell zsh -f -i
zpty -w shell "source ${(q)setup}"
zpty -r shell output '*::READY::*'
zpty -w -n shell "$2"$'\t'
zpty -r shell output '*::END::*'
output=${output//$'\r'/}
for line in ${(f)output}; do
    [[ $line == 'offered: '* ]] && print -r -- ${line#offered: }
done
exit 0
