"""What the benchmarks share: TPC-H's tables and data, processes measured from outside, DuckDB as the peer."""
import math, os, shutil, subprocess, sys, tempfile, time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
QUERIES = ROOT / "Tests/Fixtures/tpch/queries"
TABLES = {
    "customer": "c_custkey bigint, c_name string, c_address string, c_nationkey bigint, c_phone string,"
                " c_acctbal decimal(15,2), c_mktsegment string, c_comment string",
    "lineitem": "l_orderkey bigint, l_partkey bigint, l_suppkey bigint, l_linenumber bigint, l_quantity decimal(15,2),"
                " l_extendedprice decimal(15,2), l_discount decimal(15,2), l_tax decimal(15,2), l_returnflag string,"
                " l_linestatus string, l_shipdate date, l_commitdate date, l_receiptdate date, l_shipinstruct string,"
                " l_shipmode string, l_comment string",
    "nation": "n_nationkey bigint, n_name string, n_regionkey bigint, n_comment string",
    "orders": "o_orderkey bigint, o_custkey bigint, o_orderstatus string, o_totalprice decimal(15,2), o_orderdate date,"
              " o_orderpriority string, o_clerk string, o_shippriority bigint, o_comment string",
    "part": "p_partkey bigint, p_name string, p_mfgr string, p_brand string, p_type string, p_size bigint,"
            " p_container string, p_retailprice decimal(15,2), p_comment string",
    "partsupp": "ps_partkey bigint, ps_suppkey bigint, ps_availqty bigint, ps_supplycost decimal(15,2), ps_comment string",
    "region": "r_regionkey bigint, r_name string, r_comment string",
    "supplier": "s_suppkey bigint, s_name string, s_address string, s_nationkey bigint, s_phone string,"
                " s_acctbal decimal(15,2), s_comment string",
}


def generate(directory, scale):
    """Makes the .tbl files with tpchgen-cli, taken from the path or from a virtual environment of our own."""
    if all((directory / f"{t}.tbl").exists() for t in TABLES): return
    tool = shutil.which("tpchgen-cli")
    if not tool:
        venv = directory.parent / "venv"
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        subprocess.run([venv / "bin/pip", "-q", "install", "tpchgen-cli"], check=True)
        tool = venv / "bin/tpchgen-cli"
    directory.mkdir(parents=True, exist_ok=True)
    subprocess.run([tool, "-s", str(scale), "--output-dir", directory], check=True)


def run(command):
    """Runs a process; returns its output, wall seconds, CPU seconds and peak MiB."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        started = time.monotonic()
        process = subprocess.Popen([str(word) for word in command], stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0); err.seek(0)
        if process.returncode: sys.exit(f"{' '.join(map(str, command))[:300]}\n{err.read().decode()}")
        return dict(out=out.read().decode(), wall=wall, cpu=usage.ru_utime + usage.ru_stime, peak=usage.ru_maxrss / 1024)


def measured(command, runs):
    """The run of least wall time."""
    return min((run(command) for _ in range(runs)), key=lambda result: result["wall"])


def mean(values):
    """The geometric mean."""
    return math.exp(sum(map(math.log, values)) / len(values))


def duck_types():
    """The tables' columns in DuckDB's names of types."""
    kinds = {"string": "varchar"}
    return {t: [(c.split()[0], kinds.get(c.split()[1], c.split()[1])) for c in columns.split(", ")]
            for t, columns in TABLES.items()}
