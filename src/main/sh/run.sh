# Runs a command so that it outlives the process that started it, and records everything about it in files.
#
#   setsid sh -c "$(cat run.sh)" NAME DIRECTORY CWD LIMIT PLACE COMMAND...
#
# NAME prefixes the shell's own messages about COMMAND.
# Writes to DIRECTORY: pid (session leader, start ticks, boot id, PLACE: its pid namespace and host), timer (pids that do not keep the run alive),
# events.jsonl, stderr, exit, and, after LIMIT seconds, timed_out. Exits with 97 if another runner was first, with 96
# if there is no space for its pid.
d=$1 cwd=$2 limit=$3 place=$4
shift 4
umask 077

# Something other than a regular file would redirect what is written there, or block it forever.
aside() {
  [ ! -L "$d" ] || mv "$d" "$d.damaged.$$"
  for file; do
    if [ -L "$d/$file" ] || { [ -e "$d/$file" ] && [ ! -f "$d/$file" ]; }; then
      mv "$d/$file" "$d/$file.damaged.$$"
    fi
  done
}

# Avoid subshells: each is a process, and a user waits.
note_ticks() { shift 19; ticks=$1; }
read -r stat </proc/$$/stat
# Some containers hide the boot id.
boot=unknown
{ read -r boot </proc/sys/kernel/random/boot_id; } 2>/dev/null
# shellcheck disable=SC2086 # the stat line is split into words on purpose
note_ticks ${stat##*) }
# Into a folder the link would be created inside it, and no runner would be late.
if [ -e "$d/pid" ] || [ -L "$d/pid" ]; then exit 97; fi
aside "pid.$$" exit.tmp exit timer timer.sleep timed_out events.jsonl stderr
# No space for it: a run with an empty pid would neither have started nor ever be over.
printf '%s %s %s %s\n' "$$" "$ticks" "$boot" "$place" >"$d/pid.$$" || exit 96
# The first link wins: a runner that was stopped here and resumes a minute later finds that it is late.
ln "$d/pid.$$" "$d/pid" 2>/dev/null || exit 97
# Sync before the command costs anything: after a power cut the run counts as started, and never starts again.
sync "$d/pid" "$d" 2>/dev/null

over() {
  aside exit.tmp exit
  printf '%s\n' "$1" >"$d/exit.tmp" || return
  sync "$d/exit.tmp" "$d/events.jsonl" 2>/dev/null
  mv "$d/exit.tmp" "$d/exit"
}

# A link changed between check and start would put the adviser into another directory.
cd -P -- "$cwd" 2>/dev/null && [ "$PWD" = "$cwd" ] || { over 98; exit 98; }

# Possibly nobody is watching, so the run stops itself. The timer records its own pid, so that it does not count as
# the command if the runner is killed right here.
(
  read -r clock _ </proc/self/stat
  printf '%s\n' "$clock" >"$d/timer"
  # $! instead of a variable, which would still be unset at a signal right after the start of sleep. KILL, because a
  # process just forked that is not sleep yet still has this shell's handler, which would swallow TERM.
  trap 'kill -KILL "$!" 2>/dev/null; exit 0' TERM
  sleep "$limit" &
  sleeper=$!
  printf '%s\n' "$sleeper" >"$d/timer.sleep"
  # Only if the time has run out: a sleep that was killed says nothing about the run.
  wait "$sleeper" || exit 0
  aside timed_out
  : >"$d/timed_out"
  trap '' TERM
  kill -TERM 0
  sleep 5
  kill -KILL 0
) &
timer=$!

# The command stays in the foreground: as a background child with a wait loop it lost its exit code in 6 of 25 runs.
trap : TERM INT HUP
"$@" <"$d/stdin" >"$d/events.jsonl" 2>"$d/stderr"
code=$?
trap '' TERM INT HUP
over "$code"
rm -f "$d/settings.json"
kill "$timer" 2>/dev/null
exit 0
