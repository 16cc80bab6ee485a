# Runs one command so that it outlives whoever started it, and leaves every fact about it in files.
#
#   setsid sh -c "$(cat run.sh)" NAME DIRECTORY CWD LIMIT PLACE COMMAND...
#
# NAME stands before what the shell itself has to say of COMMAND.
# Leaves in DIRECTORY: pid (session leader, start ticks, boot id, PLACE: its pid namespace and host), timer (pids that do not count as life),
# events.jsonl, stderr, exit, and, past LIMIT seconds, timed_out. Leaves with 97 when another runner was first, with 96
# where there is no room for its pid.
d=$1 cwd=$2 limit=$3 place=$4
shift 4
umask 077

# Whatever is no file in the place of one would lead what is written there elsewhere, or hold it up for ever.
aside() {
  [ ! -L "$d" ] || mv "$d" "$d.damaged.$$"
  for file; do
    if [ -L "$d/$file" ] || { [ -e "$d/$file" ] && [ ! -f "$d/$file" ]; }; then
      mv "$d/$file" "$d/$file.damaged.$$"
    fi
  done
}

# No subshell where the shell can do without: each is a process, and somebody waits.
note_ticks() { shift 19; ticks=$1; }
read -r stat </proc/$$/stat
# Some containers hide it.
boot=unknown
{ read -r boot </proc/sys/kernel/random/boot_id; } 2>/dev/null
# shellcheck disable=SC2086 # the words of the stat line are wanted one by one
note_ticks ${stat##*) }
# A folder there would take the link in, and no runner be late.
if [ -e "$d/pid" ] || [ -L "$d/pid" ]; then exit 97; fi
aside "pid.$$" exit.tmp exit timer timer.sleep timed_out events.jsonl stderr
# With no room for it: an empty pid would be a run that is neither started nor ever over.
printf '%s %s %s %s\n' "$$" "$ticks" "$boot" "$place" >"$d/pid.$$" || exit 96
# The first link wins: a runner that was stopped here and goes on a minute later finds that it is late.
ln "$d/pid.$$" "$d/pid" 2>/dev/null || exit 97
# Before the command costs anything: after a power cut the run is known to have begun, and never begins again.
sync "$d/pid" "$d" 2>/dev/null

over() {
  aside exit.tmp exit
  printf '%s\n' "$1" >"$d/exit.tmp" || return
  sync "$d/exit.tmp" "$d/events.jsonl" 2>/dev/null
  mv "$d/exit.tmp" "$d/exit"
}

# A link swapped between check and start would put the adviser into another directory.
cd -P -- "$cwd" 2>/dev/null && [ "$PWD" = "$cwd" ] || { over 98; exit 98; }

# Nobody may be watching, so the run ends itself. The clock notes its own pid, lest a runner that is killed right here
# leaves it to be taken for the command's life.
(
  read -r clock _ </proc/self/stat
  printf '%s\n' "$clock" >"$d/timer"
  # $! and not a variable of ours, which a signal right after the start of sleep would find unset. KILL, since what was
  # just forked and is not sleep yet still has this shell's handler, and would take TERM as heard.
  trap 'kill -KILL "$!" 2>/dev/null; exit 0' TERM
  sleep "$limit" &
  sleeper=$!
  printf '%s\n' "$sleeper" >"$d/timer.sleep"
  # Only where the time is over: a sleeper that somebody killed says nothing about the run.
  wait "$sleeper" || exit 0
  aside timed_out
  : >"$d/timed_out"
  trap '' TERM
  kill -TERM 0
  sleep 5
  kill -KILL 0
) &
timer=$!

# The command stays in the foreground: a background child with a wait loop lost its exit code in 6 of 25 ends.
trap : TERM INT HUP
"$@" <"$d/stdin" >"$d/events.jsonl" 2>"$d/stderr"
code=$?
trap '' TERM INT HUP
over "$code"
rm -f "$d/settings.json"
kill "$timer" 2>/dev/null
exit 0
