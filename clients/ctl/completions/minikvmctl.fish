# SPDX-License-Identifier: MIT
# fish completion for minikvmctl, which is asked what could come next.

function __minikvmctl_candidates
    set -l words (commandline --tokenize --cut-at-cursor --current-process)
    set -l word (commandline --current-token --cut-at-cursor)
    set -l lines ($words[1] --complete $words[2..-1] "$word" 2>/dev/null)
    switch "$lines[1]"
        case :files
            __fish_complete_path "$word"
        case :directories
            __fish_complete_directories "$word"
        case '*'
            printf '%s\n' $lines
    end
end

complete --command minikvmctl --no-files --arguments '(__minikvmctl_candidates)'
