#!/usr/bin/env python3
"""Runs the 22 TPC-H queries over text, SequenceFile and RCFile tables, beside DuckDB on the same .tbl files.

Each query is a process of its own, each figure the best of --runs: wall and CPU seconds of the whole process, bytes read,
peak memory. "query" is the time within the process, as the shell reports it.
Data come from tpchgen-cli (PyPI); they and the tables stay in --work for the next time. DuckDB takes part where its
Python module is present. With --check the rows are compared with the stored answers; a difference ends with status 1.
"""
import argparse, os, re, shutil, sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from harness import QUERIES, ROOT, TABLES, duck_types, generate, mean, measured, run

# Formats are compared in plain files; Benchmarks/hdfs/scan.py compares these with HDFS.
PLAIN = ["--hiveconf", "fs.defaultFS=file:///"]
FORMATS = {"text": "textfile", "sequence": "sequencefile", "rcfile": "rcfile"}


def make_tables(args, data):
    """Makes a database for each format: text tables over the .tbl files, the others written from them."""
    marker = args.home / "complete"
    if marker.exists(): return
    shutil.rmtree(args.home, ignore_errors=True)
    script = []
    for name, format in FORMATS.items():
        script.append(f"create database tpch_{name}; use tpch_{name};")
        for table, columns in TABLES.items():
            if name == "text":
                folder = data / "text" / table
                folder.mkdir(parents=True, exist_ok=True)
                link = folder / f"{table}.tbl"
                if not link.exists(): os.link(data / f"{table}.tbl", link)
                script.append(f"create external table {table} ({columns}) row format delimited fields terminated by '|'"
                              f" stored as textfile location 'file:{folder}';")
            else:
                script.append(f"create table {table} stored as {format} as select * from tpch_text.{table};")
    print("writing tables …", file=sys.stderr)
    run([args.honeyguide, "--home", args.home, *PLAIN, "-S", "-e", "\n".join(script)])
    marker.touch()


def honeyguide(args, format, sql):
    command = [args.honeyguide, "--home", args.home, *PLAIN, "--database", f"tpch_{format}", "-S",
               "--hiveconf", f"honeyguide.threads={args.threads}", "-e", sql + ";", "-e", "summary;"]
    result = measured(command, args.runs)
    lines = result["out"].split("\n")
    start = next(i for i, line in enumerate(lines) if line.startswith("Operator "))
    result["rows"] = lines[:start]
    total, unit, result["read"] = re.search(r"Total: ([\d.]+)(\w+), ([\d.]+ \w+) read", result["out"]).groups()
    result["query"] = float(total) * {"us": 1e-6, "ms": 1e-3, "s": 1}[unit]
    return result


# DuckDB reports its own time from after the import of its module, so that Python's start is not held against it.
DUCK = """
import duckdb, os, sys, time
threads, data, sql = sys.argv[1:4]
started, before = time.monotonic(), os.times()
db = duckdb.connect(); db.execute(f"set threads={threads}; set enable_progress_bar=false")
types = %r
for table, columns in types.items():
    fields = ", ".join(f"'{c}': '{t}'" for c, t in columns)
    db.execute(f"create view {table} as select * from read_csv('{data}/{table}.tbl', delim='|', header=false, "
               f"auto_detect=false, quote='', escape='', null_padding=true, columns={{{fields}, '_end': 'varchar'}})")
db.execute(sql).fetchall()
after = os.times()
print(time.monotonic() - started, after.user + after.system - before.user - before.system)
"""


def duckdb(args, data, sql):
    result = measured([sys.executable, "-c", DUCK % duck_types(), args.threads, data, sql], args.runs)
    result["wall"], result["cpu"] = map(float, result["out"].split()[-2:])
    return result


NUMBER = re.compile(r"^-?\d+(\.\d+)?([eE][-+]?\d+)?$")


def same(a, b):
    """Text must be equal; numbers within 1e-6 relatively or 0.01 (engines differ in the scale of averages)."""
    if a == b: return True
    if NUMBER.match(a) and NUMBER.match(b):
        return abs(float(a) - float(b)) <= max(0.01 if "." in a + b else 0, 1e-6 * abs(float(a)))
    return False


def check(number, rows):
    expected = [l.split("\t") for l in (HERE / f"answers/sf1/q{number:02}.tsv").read_text().split("\n")[1:] if l]
    actual = [l.split("\t") for l in rows if l]
    key = lambda row: [("%.1f" % float(c)) if NUMBER.match(c) else c for c in row]
    expected.sort(key=key); actual.sort(key=key)
    return len(expected) == len(actual) and all(
        len(x) == len(y) and all(map(same, x, y)) for x, y in zip(expected, actual))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--honeyguide", default=".build/release/honeyguide", type=Path)
    parser.add_argument("--work", default=ROOT / ".build/tpch", type=Path)
    parser.add_argument("--scale", default=1)
    parser.add_argument("--threads", default="2")
    parser.add_argument("--runs", default=2, type=int)
    parser.add_argument("--queries", default="1-22", help="such as 1,6 or 1-22")
    parser.add_argument("--formats", default=",".join(FORMATS))
    parser.add_argument("--check", action="store_true", help="compare with the stored answers (scale 1)")
    parser.add_argument("--no-peer", action="store_true")
    args = parser.parse_args()
    args.honeyguide = args.honeyguide.resolve()
    args.home = args.work / f"home-{args.scale}"
    data = args.work / f"sf{args.scale}"
    generate(data, args.scale)
    make_tables(args, data)
    numbers = []
    for part in args.queries.split(","):
        low, _, high = part.partition("-")
        numbers += range(int(low), int(high or low) + 1)
    try:
        if args.no_peer: raise ImportError
        import duckdb as _
        peer = True
    except ImportError:
        peer = False
    formats = args.formats.split(",")
    head = "query".ljust(6) + "".join(f"| {f:8} wall query   cpu      read   peak " for f in formats)
    print(head + ("| duckdb   wall   cpu   peak | text/duckdb" if peer else ""))
    ratios, failures = [], []
    queries = {}
    for number in numbers:
        sql = (QUERIES / f"q{number:02}.sql").read_text()
        line = f"Q{number}".ljust(6)
        text = None
        for format in formats:
            result = honeyguide(args, format, sql)
            if format == "text": text = result
            queries[number, format] = result["query"]
            wrong = args.check and not check(number, result["rows"])
            if wrong: failures.append(f"Q{number} on {format}")
            line += f"| {'WRONG' if wrong else '':8}{result['wall']:5.2f} {result['query']:5.2f} {result['cpu']:5.2f} " \
                    f"{result['read']:>9} {result['peak']:5.0f}M "
        if peer:
            other = duckdb(args, data, sql)
            line += f"|         {other['wall']:5.2f} {other['cpu']:5.2f} {other['peak']:5.0f}M "
            if text:
                ratios.append(other["wall"] / text["wall"])
                line += f"| {ratios[-1]:.2f} x as fast"
        print(line, flush=True)
    if ratios: print(f"geometric mean over DuckDB on text: {mean(ratios):.2f} x as fast")
    for format in formats:
        shared = [queries[n, "text"] / queries[n, format] for n in numbers] if format != "text" and "text" in formats else []
        if shared: print(f"{format} over text, query time: geometric mean {mean(shared):.2f} x as fast"
                         + (f", Q6 {queries[6, 'text'] / queries[6, format]:.2f} x" if 6 in numbers else ""))
    if args.check:
        print(f"answers: {len(numbers) * len(formats) - len(failures)} of {len(numbers) * len(formats)} equal"
              + ("; wrong: " + ", ".join(failures) if failures else ""))
    sys.exit(1 if failures else 0)


main()
