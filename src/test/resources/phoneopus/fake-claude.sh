#!/bin/sh
# demo-claude.sh, steered by the prompt: "wait" answers once the file "release" is in the working
# folder, "hang" never does, anything else is answered at once.
demo=${0%/*}/../../../main/sh/demo-claude.sh
[ "${1-}" != --version ] || exec "$demo" --version
prompt=$(cat)
case $prompt in
    *wait*) until [ -e release ]; do sleep 0.1; done ;;
    *hang*)
        echo $$ >hanging
        export FAKE_CLAUDE_HANG=1
        ;;
esac
export FAKE_CLAUDE_ANSWER='Rename the method.' FAKE_CLAUDE_COST=0.25
exec "$demo" "$@" <<END
$prompt
END
