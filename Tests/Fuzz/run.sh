#!/bin/bash
# run.sh FORMAT [SECONDS]: feeds made-up files to a format's reader until it fails or the time is over; or made-up bytes to a wire of
# HDFS (rpc, transfer), or made-up calls to a NameNode (namenode).
#
# What was found before is kept in .build/fuzz/corpus/FORMAT and starts the next run; files that fail are written to
# .build/fuzz/failures and are run again by naming them: .build/fuzz/debug/fuzz FILE.
set -euo pipefail
cd "$(dirname "$0")/../.."
format=${1:?which format? (rcfile, sequencefile, text, text.bz2, ..., rpc, transfer, namenode)}
seconds=${2:-60}
export HONEYGUIDE_FUZZ=1 HONEYGUIDE_FUZZ_FORMAT=$format
case $format in rpc | transfer | namenode) product=wirefuzz ;; *) product=fuzz ;; esac
swift build --scratch-path .build/fuzz --sanitize fuzzer --product $product -Xswiftc -O -Xswiftc -enforce-exclusivity=checked

# Small files that Hive wrote start the first run.
corpus=.build/fuzz/corpus/$format
mkdir -p "$corpus" .build/fuzz/failures
case $format in
  rpc)
    prefix=none; suffix=
    # A whole conversation of Hadoop's client, and one that begins with SASL; the last byte chooses the server.
    name=org.apache.hadoop.hdfs.protocol.ClientProtocol
    id='\x22\x10\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10'
    context="\x00\x00\x00\x53\x1a\x08\x02\x10\x00\x18\x05$id\x28\x01\x37\x12\x05\x0a\x03bee\x1a\x2e$name"
    call="\x00\x00\x00\x5f\x1a\x08\x02\x10\x00\x18\x00$id\x28\x00\x3f\x0a\x0bgetFileInfo\x12\x2e$name\x18\x01\x03\x0a\x01/"
    printf "hrpc\x09\x00\x00$context$call\xc0" > "$corpus/call"
    printf "hrpc\x09\x00\xdf\x00\x00\x00\x0e\x0a\x08\x02\x10\x00\x18\x41\x22\x00\x28\x01\x02\x10\x01\xc0" > "$corpus/sasl" ;;
  transfer)
    prefix=none; suffix=
    printf '\x00\x1c\x51\x16\x0a\x10\x0a\x0b\x0a\x09\x0a\x01p\x10\x05\x18\x06\x20\x07\x12\x01c\x10\x00\x18\x05\xc0' > "$corpus/read" ;;
  namenode)
    prefix=none; suffix=
    printf '\x0f\x00\x0b\x0a\x02/a\x12\x03\x08\xed\x03\x18\x01\x11\x00\x04\x0a\x02/a' > "$corpus/mkdirs" ;;
  text.*) prefix=text_; suffix=.${format#text.} ;;
  text) prefix=text_; suffix= ;;
  sequencefile) prefix=seq_; suffix= ;;
  rcfile) prefix=rc_; suffix= ;;
  *) prefix=${format}_; suffix= ;;
esac
shopt -s nullglob
for folder in Tests/Fixtures/hive/tables/$prefix*; do
  find "$folder/data" -type f -size -48k -name "*part-0000*$suffix" | while read -r file; do
    cp "$file" "$corpus/$(basename "$folder")-$(md5sum < "$file" | cut -c1-8)"
  done
done
exec .build/fuzz/debug/$product -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=65536 -print_final_stats=1 \
  -artifact_prefix=.build/fuzz/failures/"$format"- "$corpus"
