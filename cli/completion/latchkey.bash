# bash completion for latchkey(1)                          -*- shell-script -*-

_latchkey_is_helper() { [[ " $(id -nG) " == *" latchkey-helpdesk "* ]]; }

# Of a member of the help desk, about others; variables as below.
_latchkey_for_others() {
    local options="--json --help"
    case "$prev" in
        pass) options="issue list revoke --help" ;;
        unlock | reset | issue | list | revoke)
            mapfile -t COMPREPLY < <(compgen -u -- "$cur")
            return
            ;;
        --for) options="10m 1h 24h 7d 30d" ;;
        --reason | --method) return ;;
        *)
            [[ " ${words[*]:0:cword} " == *" issue "* ]] && options+=" --for --once --many --reason"
            [[ " ${words[*]:0:cword} " == *" reset "* ]] && options+=" --method"
            [[ " ${words[*]:0:cword} " == *" list "* ]] && options+=" --no-legend"
            ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
}

# Of an ordinary user, about their own account; "cur", "prev" and "words" are those of the caller.
_latchkey_of_a_user() {
    local options=""
    case " ${words[*]:1:cword-1} " in
        *" enroll "*)
            if [[ $cur == --qr=* ]]; then
                mapfile -t COMPREPLY < <(compgen -W "ansi utf8 png none" -- "${cur#--qr=}")
                return
            fi
            if [[ " ${words[*]} " == *\ [ht]otp\ * && " ${words[*]} " == *" --qr=png "* && $cur != -* ]]; then
                _filedir png
                return
            fi
            options="email sms voice office contact push totp hotp --qr= --json --help"
            ;;
        *" import "*)
            if [[ $prev != import && $cur != -* ]]; then
                _filedir
                return
            fi
            options="--json --help"
            [[ $prev != import ]] || options="google-authenticator oath --help"
            ;;
        *" remove "*) options="email sms voice office contact push totp hotp --json --help" ;;
        *" unlock "* | *" reset "* | *" pass "*)
            _latchkey_for_others
            return
            ;;
        *" codes "*) options="--new --print --json --help" ;;
        *" activity "*)
            [[ $prev != --since ]] || return
            options="--since --json --no-legend --help"
            ;;
        *" deny "* | *" confirm "* | *" export "*) options="--json --help" ;;
        *" later "*) options="--help" ;;
        *" forget "*) options="--yes --json --help" ;;
        *" status "* | *" methods "*)
            if [[ $prev == status && $cur != -* ]] && _latchkey_is_helper; then
                mapfile -t COMPREPLY < <(compgen -u -- "$cur")
                return
            fi
            options="--json --no-legend --help"
            ;;
        *)
            options="--help --version status methods enroll import remove codes activity confirm later deny export forget"
            if _latchkey_is_helper; then options+=" unlock reset pass"; fi
            ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
    [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace
}

_latchkey() {
    local cur prev words cword
    _init_completion -n = || return

    if [[ $EUID -ne 0 ]]; then
        _latchkey_of_a_user
        return
    fi
    local verb="" word
    for word in "${words[@]:1:cword-1}"; do
        case "$word" in
            setup | check | channels | test | deliver | enroll | import | codes | pass | status | unlock | remove | purge | reset | explain | policy | audit)
                verb="$word"
                break
                ;;
        esac
    done

    local options=""
    case "$verb" in
        "") options="--help --version setup check channels test deliver enroll import codes pass status unlock remove purge reset explain policy audit" ;;
        setup)
            case "$prev" in
                --tls)
                    mapfile -t COMPREPLY < <(compgen -W "none starttls implicit" -- "$cur")
                    return
                    ;;
                --ask | --server | --from | --test) return ;;
            esac
            options="--yes --dry-run --json --no-legend --allow-file-channel --ask --server --tls --from --test --help"
            ;;
        channels) options="--json --no-legend --help" ;;
        test)
            [[ $prev != --to ]] || return
            options="--to --json --no-legend --help"
            ;;
        deliver) options="--json --help" ;;
        check) options="--json --no-legend --allow-file-channel --help" ;;
        enroll)
            if [[ $prev == enroll && $cur != -* ]]; then
                mapfile -t COMPREPLY < <(compgen -u -- "$cur")
                return
            fi
            if [[ $cur == --qr=* ]]; then
                mapfile -t COMPREPLY < <(compgen -W "ansi utf8 png none" -- "${cur#--qr=}")
                return
            fi
            if [[ " ${words[*]} " == *\ [ht]otp\ * && " ${words[*]} " == *" --qr=png "* && $cur != -* ]]; then
                _filedir png
                return
            fi
            options="email sms voice office contact push totp hotp --qr= --no-confirm --json --help"
            ;;
        import)
            case "$prev" in
                import)
                    mapfile -t COMPREPLY < <(compgen -W "csv google-authenticator oath --help" -- "$cur")
                    return
                    ;;
                --user)
                    mapfile -t COMPREPLY < <(compgen -u -- "$cur")
                    return
                    ;;
            esac
            if [[ $cur != -* ]]; then
                _filedir
                return
            fi
            options="--dry-run --json --help"
            [[ " ${words[*]} " != *" google-authenticator "* ]] || options+=" --user"
            ;;
        audit)
            if [[ $prev == --since || $prev == --head ]]; then return; fi
            if [[ $prev == --user ]]; then
                mapfile -t COMPREPLY < <(compgen -u -- "$cur")
                return
            fi
            if [[ " ${words[*]:0:cword} " == *" verify "* ]]; then
                options="--head --json --help"
            elif [[ $prev == audit && $cur != -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W "verify" -u -- "$cur")
                return
            else
                options="verify --since --user --json --no-legend --help"
            fi
            ;;
        pass)
            case "$prev" in
                pass)
                    mapfile -t COMPREPLY < <(compgen -W "issue list revoke --help" -- "$cur")
                    return
                    ;;
                issue | list | revoke)
                    if [[ $cur != -* ]]; then
                        mapfile -t COMPREPLY < <(compgen -u -- "$cur")
                        return
                    fi
                    ;;
                --for)
                    mapfile -t COMPREPLY < <(compgen -W "10m 1h 24h 7d 30d" -- "$cur")
                    return
                    ;;
                --reason) return ;;
            esac
            options="--json --help"
            [[ " ${words[*]:0:cword} " == *" issue "* ]] && options+=" --for --once --many --reason"
            [[ " ${words[*]:0:cword} " == *" list "* ]] && options+=" --no-legend"
            ;;
        policy)
            case "$prev" in
                policy) options="check --help" ;;
                --gates) options="1 2 3" ;;
                *) options="--gates --json --no-legend --help" ;;
            esac
            ;;
        remove | purge | reset | explain)
            if [[ $prev == "$verb" && $cur != -* ]]; then
                mapfile -t COMPREPLY < <(compgen -u -- "$cur")
                return
            fi
            options="--json --help"
            [[ $verb == remove ]] && options+=" email sms voice office contact push totp hotp codes --dry-run"
            [[ $verb == purge ]] && options+=" --dry-run --yes --no-legend"
            [[ $verb == reset ]] && options+=" --method"
            [[ $verb == explain ]] && options+=" --no-legend"
            ;;
        codes | status | unlock)
            if [[ $prev == "$verb" && $cur != -* ]]; then
                mapfile -t COMPREPLY < <(compgen -u -- "$cur")
                return
            fi
            options="--json --help"
            [[ $verb == codes ]] && options+=" --new --print"
            [[ $verb == status ]] && options+=" --no-legend --show"
            ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
    [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace
} &&
    complete -F _latchkey latchkey
