#!/usr/bin/env python3
"""Runs TPC-H's Q1 and Q6 over an embedded HDFS and over plain files, in turn, and prints how much longer the first takes.

The same program writes lineitem as text, RCFile and Parquet into two homes, one with its warehouse on HDFS and one with plain files. Each
process uses its file system once, so that HDFS runs, and then runs its query twice: "first" and "again" are the times that the shell reports,
of which the first has the verification of checksums in it; "wall" is that of the whole process. Figures are medians of --rounds. Rows that
differ end with status 1. Data and homes stay in --work for the next time.
"""
import argparse, re, shutil, statistics, sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from harness import QUERIES, ROOT, TABLES, generate, mean, run

FORMATS = {"text": "row format delimited fields terminated by '|' stored as textfile", "rcfile": "stored as rcfile",
           "parquet": "stored as parquet"}
HOMES = {"files": ["--hiveconf", "fs.defaultFS=file:///"], "hdfs": []}


def make_home(args, name, data):
    home = args.work / f"scan-{args.scale}" / name
    if (home / "complete").exists(): return home
    shutil.rmtree(home, ignore_errors=True)
    home.parent.mkdir(parents=True, exist_ok=True)
    source = data / "scan"
    source.mkdir(exist_ok=True)
    if not (source / "lineitem.tbl").exists(): (source / "lineitem.tbl").hardlink_to(data / "lineitem.tbl")
    script = [f"create external table source ({TABLES['lineitem']}) row format delimited fields terminated by '|'"
              f" stored as textfile location 'file:{source}';"]
    for format, clause in FORMATS.items():
        script.append(f"create database {format}; create table {format}.lineitem {clause} as select * from source;")
    print(f"writing tables to {home} …", file=sys.stderr)
    result = run([args.honeyguide, "--home", home, *HOMES[name], "-S", "-e", "\n".join(script)])
    print(f"{name:6} written in {result['wall']:.2f} s", flush=True)
    (home / "complete").touch()
    return home


def query(args, home, format, sql):
    result = run([args.honeyguide, "--home", home, "--database", format, "-S", "--hiveconf",
                  f"honeyguide.threads={args.threads}", "-e", "dfs -test -e /;", *["-e", sql + ";", "-e", "summary;"] * 2])
    lines = result["out"].split("\n")
    result["rows"] = lines[:next(i for i, line in enumerate(lines) if line.startswith("Operator "))]
    totals = re.findall(r"Total: ([\d.]+)(\w+),", result["out"])
    result["first"], result["again"] = (float(n) * {"us": 1e-6, "ms": 1e-3, "s": 1}[unit] for n, unit in totals)
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--honeyguide", default=".build/release/honeyguide", type=Path)
    parser.add_argument("--work", default=ROOT / ".build/tpch", type=Path)
    parser.add_argument("--scale", default=1)
    parser.add_argument("--threads", default="2")
    parser.add_argument("--rounds", default=9, type=int)
    args = parser.parse_args()
    args.honeyguide = args.honeyguide.resolve()
    data = args.work.resolve() / f"sf{args.scale}"
    generate(data, args.scale)
    homes = {name: make_home(args, name, data) for name in HOMES}
    ratios, failed = {key: [] for key in ("wall", "first", "again")}, False
    print("        format   | files: wall first again | hdfs: wall first again | hdfs/files: wall first again")
    for number in (1, 6):
        sql = (QUERIES / f"q{number:02}.sql").read_text()
        for format in FORMATS:
            results = {name: [] for name in homes}
            # The first round warms the page cache up, and is not counted.
            for _ in range(args.rounds + 1):
                for name, home in homes.items(): results[name].append(query(args, home, format, sql))
            wrong = results["files"][0]["rows"] != results["hdfs"][0]["rows"]
            failed |= wrong
            figures = {(name, key): statistics.median(r[key] for r in results[name][1:])
                       for name in homes for key in ratios}
            line = f"Q{number}  {'WRONG' if wrong else '':5} {format:8}"
            for name, width in (("files", 12), ("hdfs", 11)):
                line += f" | {figures[name, 'wall']:{width}.3f} {figures[name, 'first']:5.3f} {figures[name, 'again']:5.3f}"
            line += " | " + " " * 11
            for key in ratios:
                ratios[key].append(figures["hdfs", key] / figures["files", key])
                line += f" {ratios[key][-1]:5.3f}"
            print(line, flush=True)
    print("geometric mean of hdfs/files: " + ", ".join(f"{key} {mean(values):.3f}" for key, values in ratios.items())
          + " (wanted of a scan: 1.05)")
    sys.exit(failed)


if __name__ == "__main__": main()
