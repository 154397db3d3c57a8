#!/usr/bin/env python3
"""Exchanges tables with real Hive: what one writes the other must read, in every format and codec.

Rows are random, from --seed. Hive (the SerDes and file formats of Hive 2.3, run by Spark) writes them as ORC; then for
every variant of format, SerDe and codec
  * Hive writes a table, Honeyguide copies it to ORC, and Hive must read the copy as it reads its own table;
  * Honeyguide writes a table from the same rows, and Hive must read it as it reads the table that it wrote itself, so that
    what a format cannot hold is no difference.
Prints a line for each and `N of N`; ends with status 1 on a difference.
"""
import argparse, json, os, re, shutil, subprocess, sys, venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

HADOOP = "org.apache.hadoop.io.compress."
CODECS = {"deflate": "DefaultCodec", "gzip": "GzipCodec", "bzip2": "BZip2Codec", "snappy": "SnappyCodec", "lz4": "Lz4Codec"}
SERDE = "row format serde 'org.apache.hadoop.hive.serde2."
DELIMITED = "row format delimited fields terminated by '\\001' escaped by '\\\\'"
# Spark takes the clause above for text files only.
ESCAPED = SERDE + "lazy.LazySimpleSerDe' with serdeproperties ('field.delim'='\\001','escape.delim'='\\\\')"


class Variant:
    def __init__(self, name, clause, settings=None):
        self.name, self.clause, self.settings = name, clause, settings or {}


def compressed(codec, type=None):
    name = HADOOP + CODECS[codec]
    settings = {
        "hive.exec.compress.output": "true", "mapreduce.output.fileoutputformat.compress": "true",
        "mapreduce.output.fileoutputformat.compress.codec": name, "mapred.output.compression.codec": name,
    }
    if type:
        settings |= {"mapreduce.output.fileoutputformat.compress.type": type, "mapred.output.compression.type": type}
    return settings


def variants():
    yield Variant("text", DELIMITED + " stored as textfile")
    yield Variant("text_pipe", SERDE + "lazy.LazySimpleSerDe' with serdeproperties ('field.delim'='|','escape.delim'='\\\\',"
                  "'colelction.delim'=',','mapkey.delim'=':','serialization.null.format'='NA') stored as textfile")
    yield Variant("text_latin1", SERDE + "lazy.LazySimpleSerDe' with serdeproperties ('serialization.encoding'='ISO-8859-1')"
                  " stored as textfile")
    yield Variant("sequence", ESCAPED + " stored as sequencefile")
    yield Variant("sequence_lazybinary", SERDE + "lazybinary.LazyBinarySerDe' stored as sequencefile")
    yield Variant("rc_lazybinary", SERDE + "columnar.LazyBinaryColumnarSerDe' stored as rcfile")
    yield Variant("rc_columnar", SERDE + "columnar.ColumnarSerDe' stored as rcfile")
    for codec in CODECS:
        yield Variant(f"text_{codec}", DELIMITED + " stored as textfile", compressed(codec))
        for type in ("RECORD", "BLOCK"):
            yield Variant(f"sequence_{type.lower()}_{codec}", ESCAPED + " stored as sequencefile", compressed(codec, type))
        # Hive reads no rows from its own RCFiles with bzip2.
        if codec != "bzip2":
            yield Variant(f"rc_{codec}", SERDE + "columnar.LazyBinaryColumnarSerDe' stored as rcfile", compressed(codec))
    for codec in ("NONE", "ZLIB", "SNAPPY", "LZ4", "ZSTD"):
        yield Variant(f"orc_{codec.lower()}", f"stored as orc tblproperties ('orc.compress'='{codec}')")
    for codec in ("UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD", "LZ4_RAW"):
        yield Variant(f"parquet_{codec.lower()}", f"stored as parquet tblproperties ('parquet.compression'='{codec}')")
    yield Variant("parquet_filters", "stored as parquet tblproperties ('parquet.bloom.filter.enabled'='true')")
    yield Variant("avro", "stored as avro")
    for codec in ("deflate", "snappy", "bzip2", "zstandard"):
        yield Variant(f"avro_{codec}", "stored as avro", {
            "hive.exec.compress.output": "true", "avro.output.codec": codec,
            "mapreduce.output.fileoutputformat.compress": "true"})


class Exchange:
    """One random table in one database of each engine, in all variants."""

    def __init__(self, hive, honeyguide, work, name, schema, rows, variants):
        self.hive, self.honeyguide, self.variants = hive, honeyguide, variants
        self.work = work / name
        self.schema, self.rows = schema, rows
        self.columns = ", ".join(f"{column} {type}" for column, type in schema)
        self.script = []
        self.failed = {}

    def location(self, kind, variant):
        path = self.work / kind / variant
        path.mkdir(parents=True, exist_ok=True)
        return f"file://{path}"

    def declare(self, table, clause, location):
        match = re.match(r"(.*?)( tblproperties .*)?$", clause)
        return (f"create external table {table} ({self.columns}) {match[1]} location '{location}'{match[2] or ''}")

    def hive_writes(self):
        from random_rows import without_zone_types
        taken = ", ".join(f"{name} {without_zone_types(type)}" for name, type in self.schema)
        frame = self.hive.createDataFrame(self.rows, taken)
        frame = frame.selectExpr(*(f"cast({name} as {type}) {name}" for name, type in self.schema))
        frame.coalesce(1).createOrReplaceTempView("made")
        self.hive_statement("drop table if exists source")
        self.hive_statement(self.declare("source", "stored as orc", self.location("hive", "source")))
        self.hive_statement("insert into source select * from made")
        for variant in self.variants:
            self.hive_statement(f"drop table if exists hive_{variant.name}")
            self.hive_statement(
                self.declare(f"hive_{variant.name}", variant.clause, self.location("hive", variant.name)))
            for name, value in variant.settings.items():
                self.hive.conf.set(name, value)
            try:
                self.hive_statement(f"insert into hive_{variant.name} select * from source")
            except Exception as error:
                self.failed[variant.name] = "Hive cannot write it: " + str(error).split("\n")[0][:160]
            for name in variant.settings:
                self.hive.conf.unset(name)

    def hive_statement(self, sql):
        self.hive.sql(sql)

    def honeyguide_copies_and_writes(self):
        script = [self.declare("source", "stored as orc", self.location("hive", "source"))]
        for variant in self.variants:
            if variant.name in self.failed:
                continue
            script.append(self.declare(f"hive_{variant.name}", variant.clause, self.location("hive", variant.name)))
            script.append(self.declare(f"copy_{variant.name}", "stored as orc", self.location("copy", variant.name)))
            script.append(f"insert into copy_{variant.name} select * from hive_{variant.name}")
            script.append(self.declare(f"ours_{variant.name}", variant.clause, self.location("ours", variant.name)))
            script += [f"set {name}={value}" for name, value in variant.settings.items()]
            script.append(f"insert into ours_{variant.name} select * from source")
            script += [f"reset {name}" for name in variant.settings]
        path = self.work / "script.hql"
        path.write_text(";\n".join(script) + ";\n")
        home = self.work / "home"
        shutil.rmtree(home, ignore_errors=True)
        done = subprocess.run([self.honeyguide, "--home", home, "-S", "-f", path], capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"{path}: {done.stderr}")

    def check(self, kind, variant, clause):
        """Compares a table that Honeyguide wrote with Hive's, in Hive's eyes."""
        from hive_session import rows
        table = f"{kind}_{variant.name}"
        self.hive_statement(f"drop table if exists {table}")
        self.hive_statement(self.declare(table, clause, self.location(kind, variant.name)))
        wanted = rows(self.hive, f"hive_{variant.name}")
        try:
            found = rows(self.hive, table)
        except Exception as error:
            reason = re.search(r"Caused by: (.*)", str(error))
            return "Hive cannot read it: " + (reason[1] if reason else str(error).split("\n")[0])[:300]
        if found == wanted:
            return None
        return difference(found, wanted, [name for name, _ in self.schema])

    def checks(self):
        for variant in self.variants:
            if variant.name in self.failed:
                yield variant.name, "skipped", self.failed[variant.name]
                continue
            yield variant.name, "Hive wrote, Honeyguide read", self.check("copy", variant, "stored as orc")
            yield variant.name, "Honeyguide wrote, Hive read", self.check("ours", variant, variant.clause)


def difference(found, wanted, names):
    if len(found) != len(wanted):
        return f"{len(found)} rows, Hive has {len(wanted)}"
    parts = []
    ours = {json.loads(row)[0]: json.loads(row) for row in found}
    hives = {json.loads(row)[0]: json.loads(row) for row in wanted}
    for key in hives:
        for name, a, b in zip(names, ours.get(key) or [], hives[key]):
            if a != b:
                parts.append(f"row {key}, {name}: {a!r}, Hive has {b!r}")
    return f"{len(parts)} values differ: " + "; ".join(parts[:3])


def prepare(work):
    """Makes a virtual environment with PySpark and runs this script again in it, unless that is where it runs."""
    try:
        import pyspark  # noqa: F401
        return
    except ImportError:
        pass
    environment = work / "venv"
    python = environment / "bin/python3"
    if not python.exists():
        venv.create(environment, with_pip=True)
    subprocess.run([python, "-m", "pip", "-q", "install", "pyspark==4.3.0"], check=True)
    os.execv(python, [python, __file__, *sys.argv[1:]])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--honeyguide", required=True, type=Path)
    parser.add_argument("--work", default=HERE.parent.parent / ".build/interop", type=Path)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--tables", type=int, default=3, help="random schemas beside the one of all types")
    parser.add_argument("--rows", type=int, default=300)
    parser.add_argument("--only", default=".", help="regular expression on variants' names")
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    prepare(args.work.resolve())
    import hive_session
    from random_rows import ALL_TYPES, RandomTables
    seed = args.seed if args.seed is not None else int.from_bytes(os.urandom(4), "big")
    print(f"seed {seed}")
    random = RandomTables(seed)
    chosen = [variant for variant in variants() if re.search(args.only, variant.name)]
    schemas = {"all_types": ALL_TYPES} | {f"random_{n}": random.schema(8) for n in range(args.tables)}
    hive = hive_session.start()
    same = total = 0
    for name, schema in schemas.items():
        folder = args.work.resolve() / name
        shutil.rmtree(folder, ignore_errors=True)
        exchange = Exchange(
            hive, args.honeyguide.resolve(), args.work.resolve(), name, schema, random.rows(schema, args.rows), chosen)
        exchange.hive_writes()
        exchange.honeyguide_copies_and_writes()
        for variant, what, problem in exchange.checks():
            if what == "skipped":
                print(f"skipped    {name} {variant}: {problem}")
                continue
            total += 1
            same += problem is None
            print(f"{'same' if problem is None else 'DIFFERENT':10} {name} {variant}: {what}" + (f": {problem}" if problem else ""))
    hive.stop()
    print(f"{same} of {total} are the same (seed {seed})")
    sys.exit(same != total)


if __name__ == "__main__":
    main()
