#!/usr/bin/env python3
"""Writes TPC-H's lineitem in every format and codec, scans it, and prints sizes and speeds; beside DuckDB and Spark's Hive reader.

For each variant: the size of its files; the MB/s of writing it from Parquet, of scanning all its columns (the largest value
of each) and of scanning one (a sum), with the bytes read; the seconds of TPC-H's Q1 and Q6. MB are millions of bytes of the
table's .tbl text, whatever the format, so that speeds compare. Seconds are of the whole process, the best of --runs.
DuckDB (its Python module) reads the same Parquet files and writes Parquet from them; Spark (PySpark) reads the same RCFiles and
SequenceFiles by Hive's readers, Q6 only. Both take part where their modules are present, and can be left out.
"""
import argparse, os, re, shutil, sys, time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from harness import QUERIES, ROOT, TABLES, generate, measured

COLUMNS = [column.split()[0] for column in TABLES["lineitem"].split(", ")]
ALL = "select " + ", ".join(f"max({column})" for column in COLUMNS) + " from lineitem"
ONE = "select sum(l_extendedprice) from lineitem"
HADOOP = "org.apache.hadoop.io.compress."
CODECS = {"deflate": "DefaultCodec", "gzip": "GzipCodec", "bzip2": "BZip2Codec", "snappy": "SnappyCodec",
          "lz4": "Lz4Codec", "zstd": "ZStandardCodec"}


def variants():
    """Names, and how to declare and write each: a storage clause and settings."""
    def hadoop(codec, type=None):
        settings = {"hive.exec.compress.output": "true", "mapred.output.compression.codec": HADOOP + CODECS[codec]}
        return settings | ({"mapred.output.compression.type": type} if type else {})
    text = "row format delimited fields terminated by '|' stored as textfile"
    yield "text", text, {}
    for codec in ("gzip", "bzip2", "snappy", "lz4", "zstd"):
        yield f"text/{codec}", text, hadoop(codec)
    yield "sequence", "stored as sequencefile", {}
    for codec in ("deflate", "snappy", "lz4", "zstd"):
        yield f"sequence/{codec}", "stored as sequencefile", hadoop(codec, "BLOCK")
    yield "rcfile", "stored as rcfile", {}
    for codec in ("deflate", "snappy", "lz4", "zstd"):
        yield f"rcfile/{codec}", "stored as rcfile", hadoop(codec)
    for codec in ("none", "zlib", "snappy", "lz4", "zstd"):
        yield f"orc/{codec}", f"stored as orc tblproperties ('orc.compress'='{codec.upper()}')", {}
    for codec in ("none", "snappy", "gzip", "lz4_raw", "zstd"):
        name = "UNCOMPRESSED" if codec == "none" else codec.upper()
        yield f"parquet/{codec}", f"stored as parquet tblproperties ('parquet.compression'='{name}')", {}
    yield "avro", "stored as avro", {}
    for codec in ("deflate", "snappy", "zstandard"):
        yield f"avro/{codec}", "stored as avro", {"hive.exec.compress.output": "true", "avro.output.codec": codec}


class Bench:
    def __init__(self, args):
        self.args = args
        self.home = args.work / f"formats-{args.scale}"
        self.source = self.home / "source"
        self.text_megabytes = (args.work / f"sf{args.scale}/lineitem.tbl").stat().st_size / 1e6

    def honeyguide(self, *statements, runs=1, settings={}):
        command = [self.args.honeyguide, "--home", self.home / "home", "-S",
                   "--hiveconf", f"honeyguide.threads={self.args.threads}"]
        for name, value in settings.items(): command += ["--hiveconf", f"{name}={value}"]
        for statement in statements: command += ["-e", statement + ";"]
        return measured(command, runs)

    def make_source(self):
        """The .tbl file as a Parquet table, from which all are written."""
        if (self.home / "complete").exists(): return
        shutil.rmtree(self.home, ignore_errors=True)
        (self.home / "tbl").mkdir(parents=True)
        os.link(self.args.work / f"sf{self.args.scale}/lineitem.tbl", self.home / "tbl/lineitem.tbl")
        self.honeyguide(
            f"create external table tbl ({TABLES['lineitem']}) row format delimited fields terminated by '|'"
            f" location 'file:{self.home / 'tbl'}'",
            f"create external table source ({TABLES['lineitem']}) stored as parquet location 'file:{self.source}'"
            " tblproperties ('parquet.compression'='SNAPPY')",
            "insert into source select * from tbl")
        (self.home / "complete").touch()

    def scan(self, database, sql):
        """Seconds, and the bytes read."""
        result = self.honeyguide(f"use {database}", sql, "summary", runs=self.args.runs)
        return result["wall"], re.search(r"Total: [^,]*, ([\d.]+ \w+) read", result["out"])[1]

    def variant(self, name, clause, settings):
        database = "v_" + re.sub(r"\W", "_", name)
        folder = self.home / "data" / database
        write = None
        for _ in range(self.args.runs):
            shutil.rmtree(folder, ignore_errors=True)
            match = re.match(r"(.*?)( tblproperties .*)?$", clause)
            self.honeyguide(
                f"create database if not exists {database}", f"use {database}", "drop table if exists lineitem",
                f"create external table lineitem ({TABLES['lineitem']}) {match[1]} location 'file:{folder}'{match[2] or ''}")
            result = self.honeyguide(
                f"use {database}", "insert into lineitem select * from default.source", settings=settings)
            write = min(write or result["wall"], result["wall"])
        size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
        everything, all_read = self.scan(database, ALL)
        one, one_read = self.scan(database, ONE)
        q1, _ = self.scan(database, (QUERIES / "q01.sql").read_text())
        q6, _ = self.scan(database, (QUERIES / "q06.sql").read_text())
        speed = lambda seconds: self.text_megabytes / seconds
        print(f"{name:18} {size / 1e6:8.1f} {speed(write):8.0f} {speed(everything):8.0f} {all_read:>10} "
              f"{speed(one):8.0f} {one_read:>10} {q1:6.2f} {q6:6.2f}", flush=True)
        return dict(write=write, all=everything, q1=q1, q6=q6, folder=folder)

    def duckdb(self, sql):
        """Seconds from after the import of its module."""
        script = ("import duckdb, sys, time\nstarted = time.monotonic()\ndb = duckdb.connect()\n"
                  f"db.execute('set threads={self.args.threads}; set enable_progress_bar=false')\n"
                  "for sql in sys.argv[1:]: db.execute(sql).fetchall()\nprint(time.monotonic() - started)")
        runs = [float(measured([sys.executable, "-c", script, *sql], 1)["out"]) for _ in range(self.args.runs)]
        return min(runs)

    def duckdb_on(self, folder, sql):
        return self.duckdb([f"create view lineitem as select * from read_parquet('{folder}/*')", sql])


def compare_with_duckdb(bench, results):
    print("\nsame Parquet files, DuckDB's seconds / Honeyguide's")
    for name, result in results.items():
        if not name.startswith("parquet"): continue
        ratios = []
        for key, sql in (("q1", (QUERIES / "q01.sql").read_text()), ("q6", (QUERIES / "q06.sql").read_text()), ("all", ALL)):
            peer = bench.duckdb_on(result["folder"], sql)
            ratios.append(f"{key} {peer:.2f} / {result[key]:.2f} = {peer / result[key]:.2f} x as fast")
        print(f"{name:18} " + ", ".join(ratios), flush=True)
    print("\nwriting from the same Parquet files, DuckDB's seconds of writing Parquet / Honeyguide's")
    for codec, ours in (("uncompressed", "none"), ("snappy", "snappy"), ("zstd", "zstd")):
        target = bench.home / "duckdb.parquet"
        peer = bench.duckdb([f"copy (from read_parquet('{bench.source}/*')) to '{target}' (format parquet, codec '{codec}')"])
        target.unlink()
        names = [f"parquet/{ours}"] + (["text", "rcfile", "orc/none"] if ours == "none" else [])
        for name in names:
            if name in results:
                write = results[name]["write"]
                print(f"{name:18} {peer:.2f} / {write:.2f} = {peer / write:.2f} x as fast", flush=True)


def compare_with_spark(bench, results):
    """Q6 by Hive's readers in Spark with as many threads, after one run to warm up."""
    sys.path.insert(0, str(ROOT / "Tests/Interop"))
    import hive_session
    spark = hive_session.start(threads=bench.args.threads)
    clauses = {name: clause for name, clause, _ in variants()}
    # Spark lets no row format stand beside these.
    print("\nsame files, Q6: seconds of Spark with Hive's reader / Honeyguide's")
    for name in ("sequence", "rcfile"):
        if name not in results: continue
        spark.sql("drop table if exists lineitem")
        spark.sql(f"create external table lineitem ({TABLES['lineitem']}) {clauses[name]} location 'file://{results[name]['folder']}'")
        times = []
        for _ in range(1 + bench.args.runs):
            started = time.monotonic()
            spark.sql((QUERIES / "q06.sql").read_text()).collect()
            times.append(time.monotonic() - started)
        peer = min(times[1:])
        print(f"{name:18} {peer:.2f} / {results[name]['q6']:.2f} = {peer / results[name]['q6']:.1f} x as fast", flush=True)
    spark.stop()


def is_present(module):
    import importlib.util
    return importlib.util.find_spec(module) is not None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--honeyguide", default=ROOT / ".build/release/honeyguide", type=Path)
    parser.add_argument("--work", default=ROOT / ".build/tpch", type=Path)
    parser.add_argument("--scale", default="1")
    parser.add_argument("--threads", default="2")
    parser.add_argument("--runs", default=2, type=int)
    parser.add_argument("--only", default=".", help="regular expression on variants' names, such as ^(text|parquet)")
    parser.add_argument("--all", action="store_true", help="bzip2 too, which takes minutes to write and to scan")
    parser.add_argument("--no-duckdb", action="store_true")
    parser.add_argument("--no-spark", action="store_true")
    args = parser.parse_args()
    args.honeyguide, args.work = args.honeyguide.resolve(), args.work.resolve()
    generate(args.work / f"sf{args.scale}", args.scale)
    bench = Bench(args)
    bench.make_source()
    print(f"{'variant':18} {'size MB':>8} {'write':>8} {'scan all':>8} {'read':>10} {'scan one':>8} {'read':>10} {'Q1 s':>6} {'Q6 s':>6}")
    chosen = [variant for variant in variants() if re.search(args.only, variant[0]) and (args.all or "bzip2" not in variant[0])]
    results = {name: bench.variant(name, clause, settings) for name, clause, settings in chosen}
    if "parquet/snappy" in results and "orc/snappy" in results:
        for query in ("q1", "q6"):
            print(f"ORC to Parquet, snappy, {query}: {results['orc/snappy'][query] / results['parquet/snappy'][query]:.2f} x the time")
    if is_present("duckdb") and not args.no_duckdb: compare_with_duckdb(bench, results)
    if is_present("pyspark") and not args.no_spark: compare_with_spark(bench, results)


main()
