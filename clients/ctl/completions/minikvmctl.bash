# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# bash completion for minikvmctl, which is asked what could come next.

_minikvmctl() {
    local word=${COMP_WORDS[COMP_CWORD]} lines
    lines=$("${COMP_WORDS[0]}" --complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
    case $lines in
    :files) mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
    :directories) mapfile -t COMPREPLY < <(compgen -d -- "$word") ;;
    "") COMPREPLY=() ;;
    *) mapfile -t COMPREPLY < <(cut -f 1 <<<"$lines") ;;
    esac
}
complete -F _minikvmctl minikvmctl
