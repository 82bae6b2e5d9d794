# Prints what Tab offers: complete.bash SCRIPT LINE
source "$1"
words=()
for word in $2; do
    # Readline splits at `=`, too.
    if [[ $word == --*=* ]]; then
        words+=("${word%%=*}" =)
        word=${word#*=}
    fi
    [[ $word ]] && words+=("$word")
done
[[ $2 == *' ' ]] && words+=('')
COMP_WORDS=("${words[@]}")
COMP_CWORD=$((${#words[@]} - 1))
current=${words[COMP_CWORD]}
[[ $current == = ]] && current=

registered=$(complete -p "${words[0]}")
[[ $registered =~ -F\ ([^ ]+) ]] && function=${BASH_REMATCH[1]}
# It fails unless readline calls the function.
compopt() { [[ $* == *'+o default'* ]] && registered=; }
"$function" "${words[0]}" "$current" "${words[COMP_CWORD - 1]}"
if ((${#COMPREPLY[@]} == 0)) && [[ $registered == *'-o default'* ]]; then
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
fi
printf '%s\n' "${COMPREPLY[@]}"
