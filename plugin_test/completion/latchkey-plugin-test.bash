# bash completion for latchkey-plugin-test(1)              -*- shell-script -*-

_latchkey_plugin_test() {
    local cur prev words cword
    _init_completion || return

    case "$prev" in
        --config)
            _filedir toml
            return
            ;;
        --live) return ;;
    esac
    if [[ $cur == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "--config --live --json --help --version" -- "$cur")
        return
    fi
    _filedir so
} &&
    complete -F _latchkey_plugin_test latchkey-plugin-test
