#!/usr/bin/env python3
"""Checks Honeyguide's HDFS daemons with clients that nobody here wrote.

Starts a NameNode and four DataNodes, and uses them by Hadoop's own shell (in one JVM: PySpark's jars), by Spark, by the `hdfs`
package of Python, by webhdfs:// and by our own client; then kills daemons in the middle of their work. Prints a line for each check and `N of N`;
ends with status 1 when one fails.
"""
import argparse, hashlib, os, re, shutil, subprocess, sys, threading, time, traceback, urllib.request, venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
TRANSCRIPT = HERE.parent / "CommandsTests/Dfs/hadoop-shell.txt"
HOME = "/user/honey"
NOW = re.compile(r"20(2[5-9]|[3-9]\d)-\d\d-\d\d \d\d:\d\d(:\d\d)?")


def prepare(work):
    """Runs this script again by an interpreter that has the packages."""
    if sys.prefix != sys.base_prefix:
        return
    environment = work / "venv"
    python = environment / "bin/python3"
    if not python.exists():
        venv.create(environment, with_pip=True)
    subprocess.run([python, "-m", "pip", "-q", "install", "pyspark==4.3.0", "hdfs==2.7.3"], check=True)
    os.execv(python, [python, __file__, *sys.argv[1:]])


class HadoopShell:
    """FsShell of Hadoop within Spark's JVM."""

    def __init__(self, spark, settings):
        self.jvm, self.gateway = spark.sparkContext._jvm, spark.sparkContext._gateway
        self.configuration = self.jvm.org.apache.hadoop.conf.Configuration(spark.sparkContext._jsc.hadoopConfiguration())
        for name, value in settings.items():
            self.configuration.set(name, value)
        # A file system keeps the settings that it was first asked for with.
        self.jvm.org.apache.hadoop.fs.FileSystem.closeAll()

    def run(self, arguments, input=""):
        java = self.jvm.java
        streams = [java.io.ByteArrayOutputStream() for _ in range(2)]
        before = java.lang.System.out, java.lang.System.err
        java.lang.System.setIn(java.io.ByteArrayInputStream(input.encode()))
        java.lang.System.setOut(java.io.PrintStream(streams[0], True, "UTF-8"))
        java.lang.System.setErr(java.io.PrintStream(streams[1], True, "UTF-8"))
        try:
            array = self.gateway.new_array(self.jvm.java.lang.String, len(arguments))
            for index, argument in enumerate(arguments):
                array[index] = argument
            status = self.jvm.org.apache.hadoop.fs.FsShell(self.configuration).run(array) & 255
        finally:
            java.lang.System.setOut(before[0])
            java.lang.System.setErr(before[1])
        return status, *(bytes(stream.toByteArray()).decode() for stream in streams)


class OurShell:
    """`honeyguide dfs`."""

    def __init__(self, honeyguide, work, settings):
        self.settings = settings
        self.command = [honeyguide, "--home", work / "home", "dfs"]
        self.command += [part for name, value in settings.items() for part in ("-D", f"{name}={value}")]
        self.environment = os.environ | {"TZ": "UTC"}

    def run(self, arguments, input=""):
        done = subprocess.run([*self.command, *arguments], input=input.encode(), capture_output=True, env=self.environment)
        return done.returncode, done.stdout.decode(), done.stderr.decode()


class Checks:
    def __init__(self, only):
        self.only, self.good, self.total = re.compile(only), 0, 0

    def run(self, name, body, always=False):
        if not always and not self.only.search(name):
            return
        self.total += 1
        start = time.monotonic()
        try:
            note = body()
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            message = error.java_exception.toString() if hasattr(error, "java_exception") else str(error)
            print(f"FAILED  {name}: {type(error).__name__} at line {where.lineno}: {message[:2000]}", flush=True)
            return
        self.good += 1
        print(f"ok      {name} ({time.monotonic() - start:.1f} s){': ' + note if note else ''}", flush=True)


def expect(found, expected):
    if found != expected:
        raise AssertionError(f"{found!r} instead of {expected!r}")


def transcript():
    """The steps of Hadoop's answers: command, standard input, expected lines."""
    steps = []
    for line in TRANSCRIPT.read_text().split("\n"):
        if line.startswith("$"):
            steps.append((line[2:], [], []))
        elif line.startswith("<"):
            steps[-1][1].append(line[2:].replace("\\n", "\n"))
        elif line and not line.startswith("#"):
            steps[-1][2].append(line)
    return steps


def fill(shell, work):
    """Makes the files that the transcript begins with."""
    source, local = work / "source/d", work / "local"
    subprocess.run(["rm", "-rf", work / "source", *local.iterdir()], check=True)
    (source / "sub/deep").mkdir(parents=True)
    (source / "empty").mkdir()
    (local / "l").mkdir()
    for name, text in {"a.txt": "hello\nworld\n", "big": "x" * 3000, "sub/b": "x\n", "sub/deep/c": "y\n"}.items():
        (source / name).write_text(text)
    (local / "l/in").write_text("local\n")
    os.utime(local / "l/in", (1546398245, 1546398245))
    d = HOME + "/d"
    for line in [f"-rm -r -f -skipTrash {HOME}", f"-mkdir -p {HOME}", f"-put {source} {d}", f"-chmod 640 {d}/a.txt",
                 f"-chmod 644 {d}/big {d}/sub/b {d}/sub/deep/c", f"-chmod 755 {d} {d}/sub {d}/sub/deep {d}/empty",
                 f"-touch -t 20200102:030405 {d}/a.txt", f"-touch -t 20210102:030405 {d}/big",
                 f"-touch -t 20190102:030405 {d}/sub/b {d}/sub/deep/c {d}/sub/deep {d}/sub {d}/empty",
                 f"-touch -t 20180102:030405 {d}"]:
        status, _, errors = shell.run(line.split(" "))
        expect((status, errors), (0, ""))


def answer(shell, command, input, local):
    """What a shell answers, in the transcript's form."""
    arguments = [part.replace("LOCAL", str(local)) for part in command.split(" ")]
    status, output, errors = shell.run(arguments, input)
    usage = r"Usage: hadoop fs \[generic options\]\n(?:\t.*\n)+\n(?:.*\n)*?command \[genericOptions\] \[commandOptions\]\n\n"
    # How long replicas take is not the shell's matter.
    output = re.sub(r"(Waiting for \S+ )\.\.\.(?:\nWARNING: [^\n]*\n)?\.* done", r"\1... done", output)
    lines = [f"= {status}"] if status else []
    printed = re.sub(usage, "<FULL USAGE>\n", output).split("\n")
    rest = printed.pop()
    lines += [f"> {line}" if line else ">" for line in printed] + ([f">> {rest}"] if rest else [])
    lines += [f"! {line}" for line in re.sub(usage, "<FULL USAGE>\n", errors).split("\n")[:-1]]
    return [re.sub(r"x{100,}", lambda found: f"x*{len(found[0])}", NOW.sub("<now>", line))
            .replace(str(local), "LOCAL").replace("\0", "\\0") for line in lines]


def shell_checks(checks, title, shell, daemons, work):
    """Every command of the transcript, on HDFS; then those that only HDFS can do."""
    uri = daemons.uri

    def here(text):
        return (text.replace("memory:///user/bee", uri + HOME).replace("memory:/user/bee", uri + HOME)
                .replace("memory://", uri).replace("/user/bee", HOME).replace("../bee", "../honey"))

    local = work / "local"
    checks.run(f"{title}: files to begin with", lambda: fill(shell, work), always=True)
    for number, (command, input, expected) in enumerate(transcript()):
        name = f"{title}: {number} -{command.lstrip('-')}"
        hdfs_command = here(command)
        if command == "-checksum d/a.txt":
            def checksum():
                status, output, errors = shell.run(command.split(" "))
                assert re.fullmatch(r"d/a.txt\tMD5-of-0MD5-of-512CRC32C\t[0-9a-f]{56}\n", output), (status, output, errors)
            checks.run(name, checksum)
        elif command == "-truncate 5 d/app":
            # A block that is cut is recovered first.
            checks.run(name, lambda: expect(
                answer(shell, "-truncate -w 5 d/app", "", local),
                ["> Waiting for d/app ...", "> Truncated d/app to length: 5"]))
        else:
            checks.run(name, lambda: expect(
                answer(shell, hdfs_command, "".join(input), local),
                [here(line) for line in expected]))
    for command, pattern in [
        ("-rm -r -f -skipTrash d", r"(Deleted d\n)?"), ("-mkdir d", r""), ("-touchz d/f", r""),
        ("-setfacl -m user:bin:rwx,default:group:bin:r-x d", r""),
        ("-getfacl d", r"# file: d\n# owner: honey\n# group: honey\nuser::rwx\nuser:bin:rwx\ngroup::r-x\nmask::rwx\nother::r-x\n"
         r"default:user::rwx\ndefault:group::r-x\ndefault:group:bin:r-x\ndefault:mask::r-x\ndefault:other::r-x\n\n"),
        ("-ls -d d", r"drwxrwxr-x\+  - honey honey          0 .* d\n"), ("-setfacl -b d", r""),
        ("-setfattr -n user.a -v text d/f", r""), ("-setfattr -n user.b -v 0x00ff d/f", r""),
        ("-getfattr -d -e hex d/f", r"# file: d/f\n(?=(?:.*\n)?user.a=0x74657874\n)(?=(?:.*\n)?user.b=0x00ff\n).*\n.*\n"),
        ("-getfattr -n user.a d/f", r'# file: d/f\nuser.a="text"\n'), ("-setfattr -x user.a d/f", r""),
        ("-setrep -w 3 d/f", r"Replication 3 set: d/f\nWaiting for d/f \.+ done\n"),
        ("-count -q d", r" +none +inf +none +inf +1 +1 +0 d\n"),
        ("-df", r"Filesystem .*\nhdfs://127.0.0.1:\d+ +\d+ +\d+ +\d+ +\d+%\n"),
        ("-stat %r:%o:%F d/f", r"3:67108864:regular empty file\n|3:67108864:regular file\n"),
        ("-put -f source/d/a.txt source/d/big d", r""), ("-touchz d/joined", r""),
        ("-appendToFile source/d/a.txt d/joined", r""), ("-concat d/joined d/a.txt d/big", r""),
        ("-du d/joined", r"3024  3024  d/joined\n"), ("-truncate 24 d/joined", r"Truncated d/joined to length: 24\n"),
        ("-truncate 14 d/joined", r"Truncating d/joined to length: 14. Wait for block recovery to complete before further updating "
         r"this file.\n"),
    ]:
        def one(command=command, pattern=pattern):
            absolute = command.replace("source/", f"{work}/source/")
            status, output, errors = shell.run(absolute.split(" "))
            assert status == 0 and not errors and re.fullmatch(pattern, output), (status, output, errors)
        checks.run(f"{title}: {command}", one)

    def after_recovery():
        deadline = time.monotonic() + 30
        while shell.run(["-appendToFile", f"{work}/source/d/sub/b", "d/joined"])[0] != 0:
            assert time.monotonic() < deadline, "a file that was cut takes no bytes after 30 s"
            time.sleep(0.2)
        expect(shell.run(["-cat", "d/joined"]), (0, "hello\nworld\nhex\n", ""))
    checks.run(f"{title}: bytes after -truncate", after_recovery)


FORMATS = ("parquet", "textfile", "rcfile", "sequencefile", "orc", "avro")


def sums(count):
    """What the rows of a table with so many come to."""
    return count, sum(range(count)), sum(len(f"row {i}") for i in range(count)), sum(range(count)) / 4


def spark_checks(checks, spark, daemons, shell):
    uri = daemons.uri
    for format in FORMATS:
        def table(format=format):
            name, place = f"t_{format}", f"{uri}/tables/{format}"
            spark.sql(f"drop table if exists {name}")
            shell.run(["-rm", "-r", "-f", f"/tables/{format}"])
            spark.sql(f"create external table {name} (i int, s string, d double) partitioned by (p string, q int) "
                      f"stored as {format} location '{place}'")
            source = "select id i, concat('row ', id) s, id / 4 d, concat('p', id % 3) p, cast(id % 2 as int) q from range({}, {})"
            spark.sql(f"insert overwrite table {name} partition (p, q) " + source.format(0, 10000))
            spark.sql(f"insert into table {name} partition (p, q) " + source.format(10000, 12000))
            row = spark.sql(f"select count(*), sum(i), sum(length(s)), sum(d) from {name}").collect()[0]
            expect(tuple(row), sums(12000))
            row = spark.sql(f"select count(*) from {name} where p = 'p1' and q = 0").collect()[0]
            expect(row[0], sum(i % 3 == 1 and i % 2 == 0 for i in range(12000)))
            status, output, errors = shell.run(["-ls", "-C", f"/tables/{format}/*"])
            expect(len({line.rsplit("/", 1)[0] for line in output.split("\n") if line}), 3)
            return f"{len(output.split())} partitions"
        checks.run(f"Spark: {format} with dynamic partitions", table)


def engine_checks(checks, spark, daemons, honeyguide, work):
    """Honeyguide's engine on tables that Spark wrote, and the other way."""
    columns = "(i int, s string, d double) partitioned by (p string, q int)"

    def sql(text):
        done = subprocess.run([honeyguide, "--home", work / "home", "-S", "-e", text], capture_output=True, text=True)
        expect((done.returncode, done.stderr), (0, ""))
        return done.stdout

    for format in FORMATS:
        def read(format=format):
            found = sql(f"create external table if not exists e_{format} {columns} stored as {format} "
                        f"location '{daemons.uri}/tables/{format}'; msck repair table e_{format}; "
                        f"select count(*), sum(i), sum(length(s)), sum(d) from e_{format}; "
                        f"select count(*) from e_{format} where p = 'p1' and q = 0")
            lines = found.strip().split("\n")[-2:]
            expect([float(field) for field in lines[0].split("\t")], [float(value) for value in sums(12000)])
            expect(lines[1], "2000")

        def write(format=format):
            place = f"{daemons.uri}/written/{format}"
            sql(f"drop table if exists w_{format}; create external table w_{format} {columns} stored as {format} location '{place}'; "
                f"set hive.exec.dynamic.partition.mode=nonstrict; "
                f"insert overwrite table w_{format} partition (p, q) select i, s, d, p, q from e_{format}")
            spark.sql(f"drop table if exists w_{format}")
            spark.sql(f"create external table w_{format} {columns} stored as {format} location '{place}'")
            spark.sql(f"msck repair table w_{format}")
            row = spark.sql(f"select count(*), sum(i), sum(length(s)), sum(d) from w_{format}").collect()[0]
            expect(tuple(row), sums(12000))

        checks.run(f"honeyguide: reads Spark's {format}", read)
        checks.run(f"honeyguide: writes {format} for Spark", write)


def administration_checks(checks, shell, daemons):
    """What administrators ask, by the classes of Hadoop's client and by our commands."""
    jvm = shell.jvm
    hadoop = jvm.org.apache.hadoop
    path = hadoop.fs.Path
    files = path(daemons.uri + "/").getFileSystem(shell.configuration)

    def refused(error, body):
        try:
            body()
        except Exception as found:
            assert error in str(found.java_exception.toString()), found.java_exception.toString()
            return
        raise AssertionError(f"no {error}")

    def report():
        nodes = files.getDataNodeStats()
        expect(len(nodes), 4)
        assert all(node.getCapacity() > 0 and node.getLastUpdate() > 0 for node in nodes)
        status = files.getStatus()
        assert status.getCapacity() == sum(node.getCapacity() for node in nodes) and status.getRemaining() > 0
        expect(files.getMissingBlocksCount(), 0)

    def safe_mode():
        action = hadoop.fs.SafeModeAction
        expect(files.setSafeMode(action.ENTER), True)
        refused("SafeModeException", lambda: files.mkdirs(path("/refused")))
        expect(files.saveNamespace(), None)
        expect(files.setSafeMode(action.LEAVE), False)
        assert files.rollEdits() > 1
        files.refreshNodes()

    def quotas():
        files.delete(path("/quota"), True)
        files.mkdirs(path("/quota"))
        files.setQuota(path("/quota"), 2, 1 << 30)
        usage = files.getQuotaUsage(path("/quota"))
        expect((usage.getQuota(), usage.getSpaceQuota(), usage.getFileAndDirectoryCount()), (2, 1 << 30, 1))
        files.create(path("/quota/a")).close()
        refused("NSQuotaExceededException", lambda: files.create(path("/quota/b")))
        files.setQuota(path("/quota"), -1, -1)
        files.create(path("/quota/b")).close()

    def leases():
        stream = files.create(path("/quota/open"))
        stream.write(bytearray(b"x" * 1000))
        stream.hflush()
        opened = files.listOpenFiles()
        expect([opened.next().getFilePath() for _ in iter(opened.hasNext, False)], ["/quota/open"])
        other = jvm.org.apache.hadoop.fs.FileSystem.newInstance(files.getUri(), shell.configuration)
        deadline = time.monotonic() + 30
        while not other.recoverLease(path("/quota/open")):
            assert time.monotonic() < deadline, "a lease is not recovered in 30 s"
            time.sleep(0.2)
        expect(other.getFileStatus(path("/quota/open")).getLen(), 1000)
        other.close()

    checks.run("Hadoop's client: DataNodes and space", report)
    checks.run("Hadoop's client: safe mode, saveNamespace, rollEdits, refreshNodes", safe_mode)
    checks.run("Hadoop's client: quotas", quotas, always=True)
    checks.run("Hadoop's client: open files and recovered leases", leases, always=True)
    for command, pattern in [
        ("dfsadmin -report", r"Configured Capacity: \d+ (?s:.*)\nLive datanodes \(4\):\n(?s:.*)"),
        ("dfsadmin -safemode get", r"Safe mode is OFF\n"), ("dfsadmin -safemode enter", r"Safe mode is ON\n"),
        ("dfsadmin -saveNamespace", r"Save namespace successful\n"), ("dfsadmin -safemode leave", r"Safe mode is OFF\n"),
        ("dfsadmin -refreshNodes", r"Refresh nodes successful\n"), ("dfsadmin -printTopology", r"Rack: /default-rack\n(   127.*\n){4}\n?"),
        ("dfsadmin -setQuota 10 /quota", ""), ("dfsadmin -clrQuota /quota", ""), ("dfsadmin -listOpenFiles", r"(?s:.*)"),
        ("fsck / -files -blocks -locations", r"(?s:.*)/quota/open 1000 bytes(?s:.*)is HEALTHY\n+"),
        ("fsck / -list-corruptfileblocks", r"(?s:.*)has 0 CORRUPT files\n"),
        ("balancer -threshold 10", r"(?s:.*)"),
    ]:
        def one(command=command, pattern=pattern):
            name, *arguments = command.split(" ")
            done = daemons.run(name, *arguments)
            output = done.stdout.decode()
            assert done.returncode == 0 and re.fullmatch(pattern, output), (done.returncode, output, done.stderr.decode())
        checks.run(f"honeyguide {command}", one)

    def fsck_page():
        # As Hadoop's own DFSck asks, which is not in the client's jars.
        with urllib.request.urlopen(f"http://{daemons.http}/fsck?ugi=honey&files=1&blocks=1&locations=1&path=%2F") as answer:
            text = answer.read().decode()
        assert text.rstrip().endswith("The filesystem under path '/' is HEALTHY"), text[-500:]
    checks.run("fsck over HTTP", fsck_page)


def python_checks(checks, daemons):
    # This script has the package's name.
    sys.path = [path for path in sys.path if Path(path).resolve() != HERE]
    from hdfs import InsecureClient
    client = InsecureClient(f"http://{daemons.http}", user="honey")
    root = "/python"

    def names():
        client.delete(root, recursive=True)
        client.makedirs(root + "/a/b", permission="755")
        expect(client.list(root), ["a"])
        expect(client.status(root + "/a")["type"], "DIRECTORY")
        expect(client.status(root + "/none", strict=False), None)
        client.rename(root + "/a/b", root + "/c")
        expect(sorted(client.list(root)), ["a", "c"])
        client.set_permission(root + "/c", permission="700")
        expect(client.status(root + "/c")["permission"], "700")
        client.set_times(root + "/c", modification_time=1577934245000)
        expect(client.status(root + "/c")["modificationTime"], 1577934245000)
        expect(client.delete(root + "/none"), False)
        expect(client.content(root)["directoryCount"], 3)

    def bytes_of_files():
        data = os.urandom(3_000_000)
        with client.write(root + "/file", overwrite=True) as writer:
            writer.write(data)
        with client.read(root + "/file") as reader:
            expect(hashlib.sha256(reader.read()).hexdigest(), hashlib.sha256(data).hexdigest())
        with client.read(root + "/file", offset=1_000_000, length=500) as reader:
            expect(reader.read(), data[1_000_000:1_000_500])
        client.write(root + "/file", b"tail", append=True)
        expect(client.status(root + "/file")["length"], 3_000_004)
        expect(client.checksum(root + "/file")["algorithm"], "MD5-of-0MD5-of-512CRC32C")
        client.set_replication(root + "/file", replication=1)
        expect(client.status(root + "/file")["replication"], 1)
        expect(client.delete(root + "/file"), True)

    def folders():
        folder = daemons.directory / "upload"
        (folder / "x/y").mkdir(parents=True, exist_ok=True)
        for number in range(5):
            (folder / f"x/{number}").write_text(str(number))
        client.upload(root + "/up", str(folder), overwrite=True, n_threads=2)
        expect(sorted(name for _, _, files in client.walk(root + "/up") for name in files), list("01234"))
        client.download(root + "/up", str(daemons.directory / "download"), overwrite=True)
        expect((daemons.directory / "download/x/3").read_text(), "3")

    checks.run("Python hdfs: names and statuses", names)
    checks.run("Python hdfs: bytes", bytes_of_files)
    checks.run("Python hdfs: folders up and down", folders)


def webhdfs_checks(checks, title, shell, daemons, work):
    base = f"webhdfs://{daemons.http}/web"
    (work / "web.txt").write_text("web\n")
    for command, output in [
        (f"-rm -r -f {base}", None), (f"-mkdir -p {base}/d", ""), (f"-put {work}/web.txt {base}/d", ""),
        (f"-cat {base}/d/web.txt", "web\n"), (f"-ls -C {base}/d", f"{base}/d/web.txt\n"),
        (f"-du {base}/d", f"4  12  {base}/d/web.txt\n"), (f"-appendToFile {work}/web.txt {base}/d/web.txt", ""),
        (f"-tail {base}/d/web.txt", "web\nweb\n"), (f"-mv {base}/d/web.txt {base}/moved", ""),
        (f"-chmod 600 {base}/moved", ""), (f"-stat %a:%b {base}/moved", "600:8\n"),
        (f"-setrep 2 {base}/moved", f"Replication 2 set: {base}/moved\n"),
        (f"-cp {base}/moved {base}/copy", ""), (f"-rm -r {base}/d {base}/moved", None),
    ]:
        def one(command=command, output=output):
            found = shell.run(command.split(" "))
            expect((found[0], output if output is None else found[1], found[2]), (0, output, ""))
        checks.run(f"webhdfs by {title}: {command.replace(base, '')}", one)


def large_file(work, megabytes):
    path = work / f"large-{megabytes}"
    if not path.exists() or path.stat().st_size != megabytes << 20:
        block = os.urandom(8 << 20)
        with open(path, "wb") as file:
            for number in range(megabytes // 8):
                file.write(hashlib.sha256(str(number).encode()).digest() + block[32:])
    return path


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def kill_checks(checks, hadoop, ours, daemons, honeyguide, work, megabytes):
    """Kills daemons while Hadoop's client and ours write and read."""
    source = large_file(work, megabytes)
    clients = {"Hadoop's client": hadoop, "our client": ours}
    alive = lambda: [index for index in daemons.datanode_settings if f"datanode{index}" in daemons.processes]

    def while_running(body, when, act):
        """Runs something in a thread and acts on the world when something holds; returns the answer."""
        answers = []
        thread = threading.Thread(target=lambda: answers.append(body()))
        thread.start()
        while thread.is_alive() and not when():
            time.sleep(0.02)
        assert thread.is_alive(), f"it ended before anything was killed: {answers}"
        act()
        thread.join(900)
        assert answers, "it does not end"
        return answers[0]

    def replicas(path):
        location = hadoop.jvm.org.apache.hadoop.fs.Path(daemons.uri + path)
        files = location.getFileSystem(hadoop.configuration)
        return [len(block.getHosts()) for block in files.getFileBlockLocations(location, 0, 1 << 60)]

    def live():
        files = hadoop.jvm.org.apache.hadoop.fs.Path(daemons.uri + "/").getFileSystem(hadoop.configuration)
        return len(files.getDataNodeStats(hadoop.jvm.org.apache.hadoop.hdfs.protocol.HdfsConstants.DatanodeReportType.LIVE))

    def restored(path):
        """Waits until all blocks have three replicas, on the nodes that are left; then starts the others again."""
        start = time.monotonic()

        def wait(what, holds):
            deadline = time.monotonic() + 150
            while not holds():
                assert time.monotonic() < deadline, f"{what} after 150 s: {replicas(path)}"
                time.sleep(0.5)
        # A node that was killed is still believed in until its heartbeats are missed.
        wait("a killed DataNode is live", lambda: live() == len(alive()))
        wait("replicas lack", lambda: all(count >= 3 for count in replicas(path)))
        took = time.monotonic() - start
        for index in daemons.datanode_settings:
            if index not in alive():
                daemons.start_datanode(index)
        wait("a DataNode that was started again is not live", lambda: live() == len(alive()))
        return f"replicas restored {took:.0f} s later"

    def write(shell):
        before = {index: daemons.stored_bytes(index) for index in alive()}
        busiest = lambda: max(alive(), key=lambda index: daemons.stored_bytes(index) - before[index])
        reached = lambda: daemons.stored_bytes(busiest()) - before[busiest()] > megabytes << 18
        answer = while_running(
            lambda: shell.run(["-put", "-f", str(source), "/large"]), reached, lambda: daemons.kill(f"datanode{busiest()}"))
        expect(answer, (0, "", ""))
        expect(shell.run(["-get", "-f", "/large", str(work / "back")]), (0, "", ""))
        expect(digest(work / "back"), digest(source))
        return restored("/large")

    def read(shell):
        target = work / "back"
        target.unlink(missing_ok=True)
        partial = work / "back._COPYING_"
        reached = lambda: partial.exists() and partial.stat().st_size > megabytes << 18
        answer = while_running(
            lambda: shell.run(["-get", "/large", str(target)]), reached, lambda: daemons.kill(f"datanode{alive()[0]}"))
        expect(answer, (0, "", ""))
        expect(digest(target), digest(source))
        return restored("/large")

    def scan():
        text = work / "scanned"
        lines = "".join(f"{number},row {number}\n" for number in range(100_000))
        times = (megabytes << 20) // len(lines) + 1
        with open(text, "w") as file:
            for _ in range(times):
                file.write(lines)
        expect(hadoop.run(["-rm", "-r", "-f", "-skipTrash", "/scanned"])[0], 0)
        expect(hadoop.run(["-mkdir", "/scanned"]), (0, "", ""))
        expect(hadoop.run(["-put", str(text), "/scanned/text"]), (0, "", ""))
        text.unlink()
        command = [honeyguide, "--home", work / "home", "-S", "-e"]
        subprocess.run([*command, "drop table if exists scanned; create external table scanned (i bigint, s string) row format "
                        f"delimited fields terminated by ',' location '{daemons.uri}/scanned'"], check=True)
        start = time.monotonic()
        query = lambda: subprocess.run(
            [*command, "select count(*), sum(i), sum(length(s)), count(distinct s) from scanned"], capture_output=True, text=True)
        answer = while_running(
            query, lambda: time.monotonic() > start + 1, lambda: daemons.kill(f"datanode{alive()[0]}"))
        expected = [times * 100_000, times * sum(range(100_000)), times * sum(len(f"row {i}") for i in range(100_000)), 100_000]
        expect((answer.returncode, answer.stdout, answer.stderr), (0, "\t".join(map(str, expected)) + "\n", ""))
        return restored("/scanned/text")

    def restart_namenode(killed):
        daemons.kill("namenode")
        killed.set()
        daemons.start_namenode()

    def missing(done):
        jvm = hadoop.jvm
        root = jvm.org.apache.hadoop.fs.Path(daemons.uri + "/creates")
        files = root.getFileSystem(hadoop.configuration)
        for attempt in range(10):
            try:
                found = files.listStatus(root)
                break
            except Exception:
                # The connection of before the kill.
                if attempt == 9:
                    raise
                time.sleep(0.2)
        there = {status.getPath().toUri().getPath() for status in found}
        lost = [path for path in done if path not in there]
        assert not lost, f"{len(lost)} acknowledged creates are missing: {lost[:5]}"

    def creates():
        jvm = hadoop.jvm
        files = jvm.org.apache.hadoop.fs.Path(daemons.uri + "/").getFileSystem(hadoop.configuration)
        files.delete(jvm.org.apache.hadoop.fs.Path("/creates"), True)
        done = []
        killed = threading.Event()

        def kill():
            while len(done) < 400:
                time.sleep(0.001)
            restart_namenode(killed)

        killer = threading.Thread(target=kill)
        killer.start()
        refused = 0
        deadline = time.monotonic() + 60
        for number in range(1000):
            path = f"/creates/{number}"
            while True:
                try:
                    files.create(jvm.org.apache.hadoop.fs.Path(path), True).close()
                    done.append(path)
                    break
                except Exception:
                    # Hadoop's client gives up a call whose connection breaks; nothing has been acknowledged.
                    if time.monotonic() > deadline:
                        raise
                    refused += 1
                    time.sleep(0.1)
        killer.join(60)
        assert killed.is_set(), "the NameNode was not killed"
        missing(done)
        return f"{refused} calls failed meanwhile"

    def our_creates():
        expect(hadoop.run(["-rm", "-r", "-f", "-skipTrash", "/creates"])[0], 0)
        expect(hadoop.run(["-mkdir", "/creates"]), (0, "", ""))
        paths = [f"/creates/{number}" for number in range(1000)]
        count = lambda: len(hadoop.run(["-ls", "-C", "/creates"])[1].split())
        killed = threading.Event()
        # Like Hadoop's, our client gives up in the safe mode of the start unless it is told to wait.
        patient = OurShell(honeyguide, work, ours.settings | {"honeyguide.dfs.client.safemode.patience": "60000"})
        answer = while_running(lambda: patient.run(["-touchz", *paths]), lambda: count() > 200, lambda: restart_namenode(killed))
        expect(answer, (0, "", ""))
        missing(paths)

    for name, shell in clients.items():
        checks.run(f"kill -9 of a DataNode while {name} writes {megabytes} MB", lambda: write(shell))
        checks.run(f"kill -9 of a DataNode while {name} reads {megabytes} MB", lambda: read(shell))
    checks.run(f"kill -9 of a DataNode while honeyguide scans {megabytes} MB", scan)
    checks.run("kill -9 of the NameNode while Hadoop's client creates 1,000 files", creates)
    checks.run("kill -9 of the NameNode while our client creates 1,000 files", our_creates)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--honeyguide", required=True, type=Path)
    parser.add_argument("--work", default=HERE.parent.parent / ".build/interop-hdfs", type=Path)
    parser.add_argument("--only", default=".", help="regular expression on checks' names")
    parser.add_argument("--megabytes", type=int, default=1024, help="size of the file during whose transfer nodes are killed")
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    work = args.work.resolve()
    honeyguide = args.honeyguide.resolve()
    prepare(work)
    os.environ |= {"HADOOP_USER_NAME": "honey", "TZ": "UTC"}
    from hdfs_daemons import Daemons
    import hive_session
    shutil.rmtree(work / "home", ignore_errors=True)
    daemons = Daemons(honeyguide, work / "cluster", 4)
    # Where relative paths of the machine start, for the JVM too.
    (work / "local").mkdir(exist_ok=True)
    os.chdir(work / "local")
    spark = hive_session.start()
    settings = {"fs.defaultFS": daemons.uri, "dfs.blocksize": str(64 << 20), "dfs.replication": "1"}
    checks = Checks(args.only)
    hadoop = HadoopShell(spark, settings)
    shell_checks(checks, "Hadoop's shell", hadoop, daemons, work)
    shell_checks(checks, "honeyguide dfs", OurShell(honeyguide, work, settings), daemons, work)
    settings["dfs.replication"] = "3"
    hadoop, ours = HadoopShell(spark, settings), OurShell(honeyguide, work, settings)
    spark_checks(checks, spark, daemons, hadoop)
    engine_checks(checks, spark, daemons, honeyguide, work)
    python_checks(checks, daemons)
    webhdfs_checks(checks, "Hadoop's client", hadoop, daemons, work)
    webhdfs_checks(checks, "honeyguide dfs", ours, daemons, work)
    administration_checks(checks, hadoop, daemons)
    kill_checks(checks, hadoop, ours, daemons, honeyguide, work, args.megabytes)
    daemons.stop()
    print(f"{checks.good} of {checks.total}")
    sys.exit(checks.good != checks.total)


if __name__ == "__main__":
    main()
