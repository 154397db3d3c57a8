"""A Spark session that reads and writes tables with Hive's own SerDes and file formats only, and a canonical form of rows."""
import atexit, base64, json, math, os, shutil, tempfile


def start(threads=1):
    from pyspark.sql import SparkSession
    work = tempfile.mkdtemp(prefix="honeyguide-hive-")
    atexit.register(shutil.rmtree, work, True)
    os.environ["TZ"] = "UTC"
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "2g",
        "spark.driver.extraJavaOptions": f"-Duser.timezone=UTC -Dderby.system.home={work}",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.warehouse.dir": f"{work}/warehouse",
        "spark.local.dir": f"{work}/local",
        "spark.hadoop.javax.jdo.option.ConnectionURL": f"jdbc:derby:;databaseName={work}/metastore_db;create=true",
        "spark.sql.shuffle.partitions": "1",
        "spark.default.parallelism": "1",
        # Hive's readers and writers, never Spark's own.
        "spark.sql.hive.convertMetastoreParquet": "false",
        "spark.sql.hive.convertMetastoreOrc": "false",
        "spark.sql.hive.convertInsertingPartitionedTable": "false",
        "spark.sql.hive.convertInsertingUnpartitionedTable": "false",
        "spark.sql.hive.convertMetastoreCtas": "false",
        "spark.sql.hive.convertMetastoreInsertDir": "false",
        "spark.sql.storeAssignmentPolicy": "LEGACY",
        "spark.sql.ansi.enabled": "false",
        "spark.sql.legacy.createHiveTableByDefault": "true",
        "spark.hadoop.hive.exec.dynamic.partition.mode": "nonstrict",
        "spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs": "false",
    }
    builder = SparkSession.builder.master(f"local[{threads}]").appName("honeyguide interop")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.enableHiveSupport().getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    return session


def canonical(value, type):
    """The JSON form of a value: what JSON lacks becomes a string, map entries are sorted."""
    from pyspark.sql import types
    if value is None:
        return None
    if isinstance(type, (types.FloatType, types.DoubleType)):
        if math.isnan(value):
            return "NaN"
        if math.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
        return repr(value)
    if isinstance(type, types.DecimalType):
        return format(value, "f")
    if isinstance(type, (types.DateType, types.TimestampType, types.TimestampNTZType)):
        return str(value)
    if isinstance(type, types.BinaryType):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(type, types.ArrayType):
        return [canonical(element, type.elementType) for element in value]
    if isinstance(type, types.MapType):
        entries = [[canonical(k, type.keyType), canonical(v, type.valueType)] for k, v in value.items()]
        return sorted(entries, key=json.dumps)
    if isinstance(type, types.StructType):
        return [canonical(value[index], field.dataType) for index, field in enumerate(type.fields)]
    return value


def rows(session, table):
    """A table's rows in canonical JSON, sorted."""
    from pyspark.sql import functions
    frame = session.table(table)
    # Python's dates end where Hive's do not, and its zone is not the session's.
    texts = {"date": "yyyy-MM-dd", "timestamp": "yyyy-MM-dd HH:mm:ss.SSSSSS"}
    frame = frame.select([
        functions.date_format(functions.col(f"`{field.name}`"), texts[field.dataType.simpleString()]).alias(field.name)
        if field.dataType.simpleString() in texts else functions.col(f"`{field.name}`")
        for field in frame.schema.fields
    ])
    types = [field.dataType for field in frame.schema.fields]
    return sorted(
        json.dumps([canonical(value, type) for value, type in zip(row, types)], ensure_ascii=False)
        for row in frame.collect())
