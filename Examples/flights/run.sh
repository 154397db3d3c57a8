#!/bin/bash
# Loads the flights and asks the same questions of three formats: run.sh HONEYGUIDE
set -euo pipefail
honeyguide=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
home=$(cd "$here/../.." && pwd)/.build/flights
rm -rf "$home"

echo "Loading January 2013 into text, SequenceFile and RCFile tables ..."
"$honeyguide" --home "$home" --hivevar data="$here" -S -f "$here/load.hql"

report=$(mktemp)
trap 'rm -f "$report"' EXIT
for format in text sequence rcfile; do
    "$honeyguide" --home "$home" --database flights --hivevar format=$format -S -f "$here/questions.hql" > "$report"
    # The rows are the same for every format: show them once.
    if [ $format = text ]; then
        printf '\nWhich airlines are late, and how often?\n'
        awk '/^Operator /{exit} {print "  " $0}' "$report"
        printf '\nHow far do people fly from each airport?\n'
        awk '/^Total: /{on=1; next} /^Operator /{on=0} on{print "  " $0}' "$report"
        printf '\n%-10s %-28s %12s %14s\n' format question time 'bytes read'
    fi
    awk -v format=$format '/^Total: /{
        sub(/^Total: /, ""); split($0, part, ", "); sub(/ read$/, "", part[2])
        printf "%-10s %-28s %12s %14s\n", format, ++n == 1 ? "late airlines (3 columns)" : "distances (2 columns)", part[1], part[2]
    }' "$report"
done
printf '\nRCFile reads only the bytes of the columns asked for. Try it yourself:\n  %s --home %s --database flights\n' \
    "${honeyguide#"$PWD"/}" "${home#"$PWD"/}"
