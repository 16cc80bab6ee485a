#!/bin/sh
# Stands in for the `claude` command: takes its command line and a prompt on stdin, prints events of the same shape,
# and says in every answer that Claude was not asked. `phone-opus ask --demo` runs it, and so do the tests.
#
# For tests only, in any combination (phone-opus starts its child with few variables, so a test sets these in a small
# script that execs this one):
#   FAKE_CLAUDE_ANSWER=text        the answer, instead of the demo's
#   FAKE_CLAUDE_ANSWER_BYTES=n     an answer of n bytes, in lines of 80 characters
#   FAKE_CLAUDE_TURNS=n            n tool turns instead of one
#   FAKE_CLAUDE_TURN_DELAY=s       seconds after each tool turn
#   FAKE_CLAUDE_DELAY=s            seconds between the tool turns and the answer
#   FAKE_CLAUDE_HANG=1             sleeps there forever, in a child
#   FAKE_CLAUDE_ENDLESS=1          prints events there forever, as fast as it can
#   FAKE_CLAUDE_COST=x             total_cost_usd
#   FAKE_CLAUDE_DENIALS=n          n refused tool calls
#   FAKE_CLAUDE_REPLAY=file        a recorded output instead of all this; its last line counts as the result
#   FAKE_CLAUDE_EMPTY=1            nothing on stdout
#   FAKE_CLAUDE_NO_RESULT=1        everything but the result
#   FAKE_CLAUDE_HALF_LINE=1        the first 200 bytes of the result, without a line end
#   FAKE_CLAUDE_EXIT=n             the exit code, whatever was printed
#   FAKE_CLAUDE_STDERR=text        a line on stderr
#   FAKE_CLAUDE_STDERR_BYTES=n     n bytes on stderr, before stdin is read
#   FAKE_CLAUDE_IGNORE_TERM=1      ignores SIGTERM, and so do its children
#   FAKE_CLAUDE_GRANDCHILD=file    leaves a process in a session of its own, which keeps stdout open; its pid in file
#   FAKE_CLAUDE_RECORD=dir         argv (one a line), env, cwd, pid and stdin as files in dir, and in dir/journal a line
#                                  `start|end <pid> <session> <epoch ns>` for each run; a run that was killed has no end

set -euf

session='' model=opus permission_mode=default max_turns='' tools='' option=''
for argument; do
    case $option in
        --session-id | --resume) session=$argument ;;
        --model) model=$argument ;;
        --permission-mode) permission_mode=$argument ;;
        --max-turns) max_turns=$argument ;;
    esac
    case $argument in
        --version)
            echo '0.0.0 (phone-opus demo)'
            exit 0
            ;;
        --tools=*) tools=${argument#*=} ;;
    esac
    option=$argument
done

new_uuid() {
    { read -r uuid </proc/sys/kernel/random/uuid; } 2>/dev/null && return
    uuid_count=$((${uuid_count:-0} + 1))
    uuid=$(printf '00000000-0000-4000-8000-%06d%06d' "$(($$ % 1000000))" "$uuid_count")
}

# Hundredths of a second from some start; 0 where there is no /proc.
read_clock() {
    { read -r uptime _ </proc/uptime; } 2>/dev/null || uptime=0.00
    clock=$((${uptime%.*} * 100 + 1${uptime#*.} - 100))
}

journal() {
    [ -z "${FAKE_CLAUDE_RECORD-}" ] || echo "$1 $$ $session $(date +%s%N)" >>"$FAKE_CLAUDE_RECORD/journal"
}

finish() {
    journal end
    exit "${FAKE_CLAUDE_EXIT:-0}"
}

read_clock
started=$clock
[ -n "$session" ] || { new_uuid && session=$uuid; }
[ -z "${FAKE_CLAUDE_IGNORE_TERM-}" ] || trap '' TERM

if [ -n "${FAKE_CLAUDE_RECORD-}" ]; then
    mkdir -p "$FAKE_CLAUDE_RECORD"
    journal start
    printf '%s\n' "$@" >"$FAKE_CLAUDE_RECORD/argv"
    env >"$FAKE_CLAUDE_RECORD/env"
    pwd -P >"$FAKE_CLAUDE_RECORD/cwd"
    echo $$ >"$FAKE_CLAUDE_RECORD/pid"
fi
if [ -n "${FAKE_CLAUDE_STDERR_BYTES-}" ]; then
    head -c "$FAKE_CLAUDE_STDERR_BYTES" /dev/zero | tr '\0' e >&2
fi
if [ -n "${FAKE_CLAUDE_RECORD-}" ]; then
    cat >"$FAKE_CLAUDE_RECORD/stdin"
    exec <"$FAKE_CLAUDE_RECORD/stdin"
fi

# One awk reads the prompt and turns everything that is not ours into JSON: one line each for cwd, session, model,
# permission mode, tools and answer, and a dot, which keeps the shell from dropping the line end of an empty answer. The
# answer is last because it may be long. In the C locale awk sees bytes, so invalid UTF-8 becomes U+FFFD here instead
# of breaking the reader of the events.
json=$(
    LC_ALL=C DEMO_CWD=$(pwd -P) DEMO_SESSION=$session DEMO_MODEL=demo-$model DEMO_PERMISSION_MODE=$permission_mode \
        DEMO_TOOLS=$tools awk '
        # How many bytes the UTF-8 character at the start of s has; 0 where there is none.
        function width(s) {
            if (s ~ /^[\302-\337][\200-\277]/) return 2
            if (s ~ /^(\340[\240-\277]|[\341-\354\356\357][\200-\277]|\355[\200-\237])[\200-\277]/) return 3
            if (s ~ /^(\360[\220-\277]|[\361-\363][\200-\277]|\364[\200-\217])[\200-\277][\200-\277]/) return 4
            return 0
        }

        # The inside of a JSON string with the first `limit` characters of s; sets `cut` where there were more.
        function quoted(s, limit,    out, at, length_of_s, rest, size) {
            length_of_s = length(s)
            for (at = 1; at <= length_of_s && limit > 0; limit--) {
                rest = substr(s, at, 4)
                c = substr(rest, 1, 1)
                size = 1
                if (c == "\\" || c == "\"") c = "\\" c
                else if (c == "\n") c = "\\n"
                else if (index(controls, c)) c = sprintf("\\u%04x", index(controls, c))
                else if (c < " " || c > "\177") {
                    size = width(rest)
                    c = size ? substr(rest, 1, size) : "\357\277\275"
                    if (!size) size = 1
                }
                out = out c
                at += size
            }
            cut = at <= length_of_s
            return out
        }

        function all_quoted(s) { return quoted(s, length(s)) }

        function print_lines(bytes,    line, i) {
            for (i = 1; i <= 80; i++) line = line "x"
            for (; bytes > 80; bytes -= 81) printf "%s\\n", line
            print substr(line, 1, bytes)
        }

        /[^ \t\r]/ { last = $0 }

        END {
            for (i = 1; i < 32; i++) controls = controls sprintf("%c", i)
            print all_quoted(ENVIRON["DEMO_CWD"])
            print all_quoted(ENVIRON["DEMO_SESSION"])
            print all_quoted(ENVIRON["DEMO_MODEL"])
            print all_quoted(ENVIRON["DEMO_PERMISSION_MODE"])
            count = split(ENVIRON["DEMO_TOOLS"], tools, ",")
            for (i = 1; i <= count; i++) printf "%s\"%s\"", (i > 1 ? "," : ""), all_quoted(tools[i])
            print ""
            if ("FAKE_CLAUDE_ANSWER" in ENVIRON) print all_quoted(ENVIRON["FAKE_CLAUDE_ANSWER"])
            else if ("FAKE_CLAUDE_ANSWER_BYTES" in ENVIRON) print_lines(ENVIRON["FAKE_CLAUDE_ANSWER_BYTES"])
            else {
                sub(/[ \t\r]+$/, "", last)
                question = quoted(last, 200) (cut ? "…" : "")
                print "This is a demo answer: Claude was not asked. It comes from the stand-in that phone-opus brings" \
                    " along (`--demo`), which read nothing, ran nothing and sent nothing anywhere.\\n\\n" \
                    "Your question, as it arrived (its last line):\\n\\n> " question "\\n\\n" \
                    "For a real answer install Claude Code (`npm install -g @anthropic-ai/claude-code`), run `claude`" \
                    " once to log in, and ask again without `--demo`."
            }
            print "."
        }'
)
line_end='
'
next_field() {
    field=${json%%"$line_end"*}
    json=${json#*"$line_end"}
}
next_field && json_cwd=$field
next_field && json_session=$field
next_field && json_model=$field
next_field && json_permission_mode=$field
next_field && json_tools=$field
json_answer=${json%?.}

event() {
    new_uuid
    printf '%s,"parent_tool_use_id":null,"session_id":"%s","uuid":"%s"}\n' "$1" "$json_session" "$uuid"
}

assistant() {
    event '{"type":"assistant","message":{"id":"msg_demo_'"$turn"'","type":"message","role":"assistant","model":"'"$json_model"'","content":['"$1"'],"stop_reason":null,"stop_sequence":null,"usage":'"$usage"'}'
}

usage='{"input_tokens":0,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":0,"server_tool_use":{"web_search_requests":0,"web_fetch_requests":0},"service_tier":"standard"}'
turn=0

print_first_events() {
    if [ -n "${FAKE_CLAUDE_REPLAY-}" ]; then
        sed '$d' "$FAKE_CLAUDE_REPLAY"
        return
    fi
    new_uuid
    printf '%s\n' '{"type":"system","subtype":"init","cwd":"'"$json_cwd"'","session_id":"'"$json_session"'","tools":['"$json_tools"'],"mcp_servers":[],"model":"'"$json_model"'","permissionMode":"'"$json_permission_mode"'","slash_commands":[],"apiKeySource":"none","claude_code_version":"0.0.0","output_style":"default","agents":[],"skills":[],"plugins":[],"uuid":"'"$uuid"'"}'
    turns=${FAKE_CLAUDE_TURNS:-1}
    if [ -n "$max_turns" ] && [ "$turns" -ge "$max_turns" ]; then
        turns=$((max_turns - 1)) # the answer is a turn as well
    fi
    while [ "$turn" -lt "$turns" ]; do
        turn=$((turn + 1))
        assistant '{"id":"toolu_demo_'$turn'","input":{"file_path":"'"$json_cwd"'/README.md"},"type":"tool_use","name":"Read"}'
        event '{"type":"user","message":{"role":"user","content":[{"tool_use_id":"toolu_demo_'$turn'","type":"tool_result","content":"(demo: nothing was read)"}]}'
        [ -z "${FAKE_CLAUDE_TURN_DELAY-}" ] || sleep "$FAKE_CLAUDE_TURN_DELAY"
    done
    turn=$((turn + 1))
}

print_answer() {
    [ -n "${FAKE_CLAUDE_REPLAY-}" ] || assistant '{"type":"text","text":"'"$json_answer"'"}'
}

build_result() {
    if [ -n "${FAKE_CLAUDE_REPLAY-}" ]; then
        result=$(tail -n 1 "$FAKE_CLAUDE_REPLAY")
        return
    fi
    cost=${FAKE_CLAUDE_COST:-0} denials='' denial=0
    while [ "$denial" -lt "${FAKE_CLAUDE_DENIALS:-0}" ]; do
        denial=$((denial + 1))
        denials=$denials${denials:+,}'{"tool_name":"Bash","tool_use_id":"toolu_demo_denied_'$denial'","tool_input":{"command":"rm README.md","description":"Refused"}}'
    done
    new_uuid
    read_clock
    duration=$(((clock - started) * 10))
    result='{"duration_api_ms":0,"stop_reason":"end_turn","session_id":"'$json_session'","total_cost_usd":'$cost',"usage":'$usage',"modelUsage":{"'$json_model'":{"inputTokens":0,"outputTokens":0,"cacheReadInputTokens":0,"cacheCreationInputTokens":0,"webSearchRequests":0,"costUSD":'$cost',"contextWindow":1000000,"maxOutputTokens":128000}},"permission_denials":['$denials'],"is_error":false,"num_turns":'$turn',"subtype":"success","result":"'$json_answer'","type":"result","duration_ms":'$duration',"uuid":"'$uuid'"}'
}

if [ -n "${FAKE_CLAUDE_GRANDCHILD-}" ]; then
    setsid sleep 600 </dev/null &
    echo $! >"$FAKE_CLAUDE_GRANDCHILD"
fi
[ -z "${FAKE_CLAUDE_STDERR-}" ] || printf '%s\n' "$FAKE_CLAUDE_STDERR" >&2
[ -z "${FAKE_CLAUDE_EMPTY-}" ] || finish

print_first_events
[ -z "${FAKE_CLAUDE_DELAY-}" ] || sleep "$FAKE_CLAUDE_DELAY"
[ -z "${FAKE_CLAUDE_HANG-}" ] || sleep 2147483647 # when this child is killed, `set -e` ends the script too
[ -z "${FAKE_CLAUDE_ENDLESS-}" ] || exec yes "$(assistant '{"type":"text","text":"And another thing."}')"
print_answer
[ -z "${FAKE_CLAUDE_NO_RESULT-}" ] || finish
build_result
if [ -n "${FAKE_CLAUDE_HALF_LINE-}" ]; then
    printf '%.200s' "$result"
else
    printf '%s\n' "$result"
fi
finish
