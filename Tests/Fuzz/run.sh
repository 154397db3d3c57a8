#!/bin/bash
# run.sh FORMAT [SECONDS]: feeds made-up files to a format's reader until it fails or the time is over.
#
# What was found before is kept in .build/fuzz/corpus/FORMAT and starts the next run; files that fail are written to
# .build/fuzz/failures and are run again by naming them: .build/fuzz/debug/fuzz FILE.
set -euo pipefail
cd "$(dirname "$0")/../.."
format=${1:?which format? (rcfile, sequencefile, text, text.bz2, ...)}
seconds=${2:-60}
export HONEYGUIDE_FUZZ=1 HONEYGUIDE_FUZZ_FORMAT=$format
swift build --scratch-path .build/fuzz --sanitize fuzzer --product fuzz -Xswiftc -O -Xswiftc -enforce-exclusivity=checked

# Small files that Hive wrote start the first run.
corpus=.build/fuzz/corpus/$format
mkdir -p "$corpus" .build/fuzz/failures
case $format in
  text.*) prefix=text_; suffix=.${format#text.} ;;
  text) prefix=text_; suffix= ;;
  sequencefile) prefix=seq_; suffix= ;;
  rcfile) prefix=rc_; suffix= ;;
  *) prefix=${format}_; suffix= ;;
esac
for folder in Tests/Fixtures/hive/tables/$prefix*; do
  find "$folder/data" -type f -size -48k -name "*part-0000*$suffix" | while read -r file; do
    cp "$file" "$corpus/$(basename "$folder")-$(md5sum < "$file" | cut -c1-8)"
  done
done
exec .build/fuzz/debug/fuzz -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=65536 -print_final_stats=1 \
  -artifact_prefix=.build/fuzz/failures/"$format"- "$corpus"
