import HoneyCatalog
import HoneyCore
import HoneyFiles
import HoneyPlan
import HoneyStorage
import Honeyguide
import Synchronization
import Testing

/// A format of one row a file that notes what it is asked to skip by.
private final class NotingFormat: FileFormat {
    let keyword = "NOTED"
    let inputFormats = ["test.NotedInputFormat"]
    let outputFormats = ["test.NotedOutputFormat"]
    let defaultSerDe = "test.NotedSerDe"
    let textProperties = ["noted.schema.url": "noted.schema"]
    let asked = Mutex<[[ColumnPredicate]]>([])
    let written = Mutex<[WriteRequest]>([])

    func isSplittable(_ location: FileLocation) -> Bool { false }

    func makeReader(
        for request: ReadRequest, split: ByteRange, of file: any ReadableFile
    ) throws -> any BatchReader {
        asked.withLock { $0.append(request.predicates) }
        return NoRows()
    }

    func makeWriter(for request: WriteRequest, to file: any WritableFile) throws -> any BatchWriter {
        written.withLock { $0.append(request) }
        return OneByte(file)
    }

    func fileSuffix(for request: WriteRequest) throws -> String { "" }
    func recognizes(_ start: UnsafeRawBufferPointer) -> Bool { false }
    func inspect(_ file: any ReadableFile) throws -> StructureDescription { .text(keyword) }

    /// `a int, b date` as a property's value.
    func columns(for serde: SerDeInfo, tableParameters: [String: String]) throws -> [TableColumn]? {
        guard let schema = serde.properties["noted.schema"] ?? tableParameters["noted.schema"] else { return nil }
        return schema.split(separator: ",").compactMap { item in
            let words = item.split(separator: " ")
            return DataType(name: String(words[1])).map { TableColumn(String(words[0]), $0, comment: "told") }
        }
    }

    /// Passes over one damaged part.
    private final class NoRows: BatchReader {
        private(set) var counters = ReadCounters()
        func next() -> Batch? {
            counters.partsSkipped = 1
            return nil
        }
    }

    private final class OneByte: BatchWriter {
        let file: any WritableFile
        let bytesWritten = 1
        init(_ file: any WritableFile) { self.file = file }
        func write(_ batch: Batch) {}
        func finish() throws {
            try [UInt8(1)].withUnsafeBytes { try file.write($0) }
            try file.close()
        }
    }
}

/// What WHERE becomes on its way to a file format.
struct StoragePredicateTests {
    private let format = NotingFormat()
    private let session: Session

    init() throws {
        var extensions = Extensions.standard()
        extensions.storage = StorageCatalog(
            formats: extensions.storage.formats + [format], serdes: extensions.storage.serdes)
        session = Engine(extensions: extensions) { SQLiteMetastore(inMemoryWithWarehouse: "memory:/warehouse") }
            .makeSession()
        let columns = """
            i int, l bigint, f float, x double, d decimal(12,2), s string, v varchar(10), c char(5), b boolean, t tinyint,
            y date, m timestamp, a array<int>
            """
        try run("create table t (\(columns)) stored as noted tblproperties ('k'='w')")
        try run("insert into t (i) values (1)")
        try run("create table p (\(columns)) partitioned by (k int) stored as noted")
        try run("insert into p partition (k = 1) (i) values (1)")
    }

    private func run(_ sql: String) throws { _ = try session.execute(sql).rows() }

    private func predicates(_ condition: String, of table: String = "t") throws -> [ColumnPredicate] {
        format.asked.withLock { $0 = [] }
        try run("select count(*) from \(table) where \(condition)")
        return format.asked.withLock { $0.first ?? [] }
    }

    private static func bound(_ value: Value, _ isInclusive: Bool = true) -> ColumnPredicate.Bound {
        ColumnPredicate.Bound(value, isInclusive: isInclusive)
    }
    private static func equal(_ column: Int, _ value: Value) -> ColumnPredicate {
        .range(column: column, lower: bound(value), upper: bound(value))
    }
    private static func from(_ column: Int, _ value: Value, _ isInclusive: Bool = true) -> ColumnPredicate {
        .range(column: column, lower: bound(value, isInclusive), upper: nil)
    }
    private static func upTo(_ column: Int, _ value: Value, _ isInclusive: Bool = true) -> ColumnPredicate {
        .range(column: column, lower: nil, upper: bound(value, isInclusive))
    }

    static let conditions: [(String, [ColumnPredicate])] = [
        ("i = 5", [equal(0, .integer(5))]), ("5 < i", [from(0, .integer(5), false)]),
        ("i between 2 and 4", [from(0, .integer(2)), upTo(0, .integer(4))]),
        ("i in (1, 2, 3)", [.oneOf(column: 0, values: [.integer(1), .integer(2), .integer(3)])]),
        ("i = 1 or i = 7", [.oneOf(column: 0, values: [.integer(1), .integer(7)])]),
        ("i is null", [.isNull(column: 0)]), ("i is not null", [.isNotNull(column: 0)]),
        ("i > 2.5", [from(0, .integer(2), false)]), ("i = '5'", [equal(0, .integer(5))]),
        ("t = 100", [equal(9, .integer(100))]), ("l = 5000000000", [equal(1, .integer(5_000_000_000))]),
        ("l <= 10", [upTo(1, .integer(10))]), ("l = '12'", [equal(1, .integer(12))]),
        ("x < 1.5", [upTo(3, .real(1.5), false)]), ("x >= 2", [from(3, .real(2))]),
        ("f > 0.5", [from(2, .real(0.5), false)]), ("f <= 2", [upTo(2, .real(2))]),
        ("d = 1.5", [equal(4, .decimal(150))]),
        ("d between 0.05 and 7", [from(4, .decimal(5)), upTo(4, .decimal(700))]),
        ("d < 0.055", [upTo(4, .decimal(6), false)]),
        ("d in (1, 2.25)", [.oneOf(column: 4, values: [.decimal(100), .decimal(225)])]),
        ("s = 'abc'", [equal(5, .string("abc"))]),
        ("s like 'ab%'", [.range(column: 5, lower: bound(.string("ab")), upper: bound(.string("ac"), false))]),
        ("v = 'abc'", [equal(6, .string("abc"))]),
        ("v in ('a', 'b')", [.oneOf(column: 6, values: [.string("a"), .string("b")])]),
        ("c = 'abc'", [equal(7, .string("abc  "))]), ("b", [equal(8, .boolean(true))]),
        ("not b", [equal(8, .boolean(false))]), ("b = true", [equal(8, .boolean(true))]),
        ("y >= '2020-01-01'", [from(10, .date(18_262))]), ("y = date '2020-01-01'", [equal(10, .date(18_262))]),
        ("m < '2020-01-01 00:00:00'", [upTo(11, .timestamp(1_577_836_800_000_000_000), false)]),
        ("m > date '2020-01-01'", [from(11, .timestamp(1_577_836_800_000_000_000), false)]),
        ("i + 1 = 5 and s is not null", [.isNotNull(column: 5)]), ("a is null", [.isNull(column: 12)]),
    ]

    @Test(arguments: conditions)
    func conditionsReachTheFormat(_ condition: String, _ expected: [ColumnPredicate]) throws {
        let found = try predicates(condition)
        #expect(Set(found) == Set(expected), "\(condition): \(found)")
        #expect(Set(try predicates("k = 1 and (\(condition))", of: "p")) == Set(expected), "\(condition)")
    }

    @Test func columnsOfAnotherTypeThanThePartitionsAreNotAskedFor() throws {
        try run("alter table p change column i i bigint")
        #expect(try predicates("i = 5 and l = 6", of: "p") == [Self.equal(1, .integer(6))])
        #expect(try predicates("i = 5", of: "p") == [])
    }

    @Test func formatsTellTheColumnsOfTablesThatHaveNone() throws {
        try run("create table told stored as noted tblproperties ('noted.schema'='id int,day date')")
        #expect(try session.execute("describe told").rows().count == 2)
        try run("insert into told values (1, date '2020-01-01')")
        let request = try #require(format.written.withLock { $0.last })
        #expect(
            request.columns == [TableColumn("id", .int, comment: "told"), TableColumn("day", .date, comment: "told")])
        #expect(throws: HoneyError.self) { try run("create table untold stored as noted") }
    }

    @Test func propertiesAndSettingsReachWriters() throws {
        try run("set hive.exec.compress.output=true")
        try run("set mapred.output.compression.codec=org.apache.hadoop.io.compress.SnappyCodec")
        try run("insert into t (i) values (2)")
        let request = try #require(format.written.withLock { $0.last })
        #expect(request.tableName == "default.t")
        #expect(request.tableParameters["k"] == "w")
        #expect(request.settings["hive.exec.compress.output"] == "true")
        #expect(request.settings["mapred.output.compression.codec"]?.hasSuffix("SnappyCodec") == true)
    }

    @Test func samplesReadTheFilesOfTheirBucketsOnly() throws {
        for (version, name) in [("1", "b1"), ("2", "b2")] {
            try run(
                "create table \(name) (k int, s string) clustered by (s, k) into 8 buckets stored as noted "
                    + "tblproperties ('bucketing_version'='\(version)')")
            try run("insert into \(name) values (1, 'a'), (2, 'b')")
            func files(_ sample: String) throws -> Int {
                format.asked.withLock { $0 = [] }
                try run("select count(*) from \(name) tablesample(\(sample)) where k > 0")
                return format.asked.withLock { $0.count }
            }
            #expect(try files("bucket 3 out of 4") == 2, "\(name)")
            #expect(try files("bucket 3 out of 32 on s, k") == 1, "\(name)")
            #expect(try files("bucket 3 out of 4 on k, s") == 8, "\(name)")
            #expect(try files("bucket 3 out of 4 on k") == 8, "\(name)")
        }
    }

    @Test(arguments: [1, 2, 3])
    func everyBucketGetsOneFile(_ threads: Int) throws {
        try run("set honeyguide.threads=\(threads)")
        try run("create table source (k int) stored as textfile")
        for number in 0..<4 { try run("insert into source values (\(number)), (\(number + 10))") }
        try run("create table b (k int) clustered by (k) into 7 buckets stored as noted")
        try run("insert into b select k from source where k = 3 or k = 12")
        #expect(try session.execute("show files in b").rows().count == 7)
    }

    @Test func theSummaryTellsWhatDamageWasPassedOver() throws {
        try run("insert into t (i) values (2)")
        try run("select count(*) from t")
        let summary = try #require(session.lastSummary)
        #expect(summary.partsSkipped == 2)
        #expect(summary.rows.map(\.partsSkipped).max() == 2)
    }
}
