import HoneyCatalog
import HoneyCommands
import HoneyCore
import HoneyFiles
import HoneyPlan
import Synchronization
import Testing

/// A session over files in memory, whose engine can write rows that stand in the plan.
final class TestWorld: FileCommandContext {
    let fileSystems: FileSystems
    let warehouse: FileLocation
    let settled: SettledMetastore
    let testSession = TestSession()
    /// Files that a write makes of each partition's rows.
    var filesPerPartition = 2
    /// What a write does after its files are there.
    var afterWriting: () throws -> Void = {}

    var metastore: any Metastore { settled }
    var commits: any CommitLog { settled }
    var session: any CommandSession { testSession }
    let functions = FunctionCatalog()
    let formats = FormatCatalog([
        FormatCatalog.Entry(
            keyword: "TEXTFILE", inputFormat: "org.apache.hadoop.mapred.TextInputFormat",
            outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
            serde: "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"),
        FormatCatalog.Entry(
            keyword: "SEQUENCEFILE", inputFormat: "org.apache.hadoop.mapred.SequenceFileInputFormat",
            outputFormat: "org.apache.hadoop.hive.ql.io.HiveSequenceFileOutputFormat",
            serde: "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"),
        FormatCatalog.Entry(
            keyword: "RCFILE", inputFormat: "org.apache.hadoop.hive.ql.io.RCFileInputFormat",
            outputFormat: "org.apache.hadoop.hive.ql.io.RCFileOutputFormat",
            serde: "org.apache.hadoop.hive.serde2.columnar.ColumnarSerDe"),
    ])

    init(
        _ fileSystem: any FileSystem = MemoryFileSystem(), warehouse: FileLocation? = nil,
        metastore: (any Metastore & CommitLog)? = nil
    ) {
        self.warehouse = warehouse ?? FileLocation(scheme: "memory", path: "/warehouse")
        fileSystems = FileSystems([fileSystem, fileSystem.scheme == "file" ? MemoryFileSystem() : LocalFileSystem()])
        settled = SettledMetastore(
            metastore ?? SQLiteMetastore(inMemoryWithWarehouse: self.warehouse.description), fileSystems: fileSystems)
    }

    func start(_ plan: LogicalPlan) throws -> any QueryExecution {
        if case .write(let write) = plan, case .scan(let scan) = write.input { return try rewrite(scan, write) }
        guard case .write(let write) = plan, case .values(let values) = write.input else {
            throw HoneyError.unexpected("the test engine only writes rows that stand in the plan")
        }
        let width = write.target.storage.columns.count
        var groups: [String: [String]] = [:]
        for row in values.rows {
            let texts = row.map(TestWorld.text)
            let keys = zip(write.target.dynamicPartitionKeys, texts[width...])
            let partition = keys.map { PartitionName.component(key: $0.name, value: $1) }.joined(separator: "/")
            groups[partition, default: []].append(texts[..<width].joined(separator: ",") + "\n")
        }
        let root = try #require(FileLocation(write.target.storage.location))
        let fileSystem = try fileSystems.serving(root)
        var report: [[Value]] = []
        for (partition, lines) in groups.sorted(by: { $0.key < $1.key }) {
            for number in 0..<min(filesPerPartition, lines.count) {
                let chosen = lines.indices.filter { $0 % filesPerPartition == number }.map { lines[$0] }
                let file = root.appending(partition).appending("00000\(number)_0")
                try fileSystem.write(Array(chosen.joined().utf8), to: file)
                report.append([
                    .string(file.description), .string(partition), .integer(Int64(chosen.count)),
                    .integer(Int64(chosen.joined().utf8.count)),
                ])
            }
        }
        try afterWriting()
        return TestExecution(report, write.columns)
    }

    /// Writes a table's lines into one file.
    private func rewrite(_ scan: Scan, _ write: Write) throws -> any QueryExecution {
        let lines = try lines(at: scan.table.storage.location)
        let file = try #require(FileLocation(write.target.storage.location)).appending("000000_0")
        let bytes = Array(lines.joined(separator: "\n").utf8) + [0x0A]
        try fileSystems.serving(file).write(bytes, to: file)
        try afterWriting()
        let report: [Value] = [
            .string(file.description), .string(""), .integer(Int64(lines.count)), .integer(Int64(bytes.count)),
        ]
        return TestExecution([report], write.columns)
    }

    private static func text(_ expression: Expression) -> String {
        guard case .literal(let value, _) = expression else { return "?" }
        switch value {
        case .null: return ""
        case .integer(let number): return String(number)
        case .string(let text): return text
        default: return "?"
        }
    }

    func explain(_ plan: LogicalPlan, isExtended: Bool) throws -> String { "" }

    @discardableResult
    func run(_ command: any Command) throws -> [[String?]] {
        try command.run(in: self).batches.flatMap { batch in
            (0..<batch.count).map { row in
                batch.columns.map { column in
                    if case .string(let text) = column.value(at: row) { text } else { nil }
                }
            }
        }
    }

    /// The lines of a table's visible files, in order, with the partition's name before each.
    func rows(of name: String) throws -> [String] {
        let table = try #require(try metastore.table(name, in: "default"))
        var places = [("", table.storage.location)]
        if table.isPartitioned {
            places = try metastore.partitions(of: table).map {
                (
                    PartitionName.name(keys: table.partitionKeys.map(\.name), values: $0.values) + ":",
                    $0.storage.location
                )
            }
        }
        return try places.flatMap { prefix, place in try lines(at: place).map { prefix + $0 } }.sorted()
    }

    func lines(at place: String) throws -> [String] {
        let location = try #require(FileLocation(place))
        let fileSystem = try fileSystems.serving(location)
        guard try fileSystem.status(location) != nil else { return [] }
        return try fileSystem.list(location).filter { !$0.location.isHidden && !$0.isDirectory }.flatMap { file in
            String(decoding: try fileSystem.contents(of: file.location), as: UTF8.self)
                .split(separator: "\n").map(String.init)
        }
    }

    /// Names below a directory of the warehouse, hidden ones too.
    func names(in directory: String) throws -> [String] {
        try fileSystems.serving(warehouse).list(warehouse.appending(directory)).map(\.location.name)
    }
}

final class TestSession: CommandSession {
    var currentDatabase = "default"
    let user = "bee"
    let settings = Settings(defaults: [
        "hive.default.rcfile.serde": "org.apache.hadoop.hive.serde2.columnar.LazyBinaryColumnarSerDe"
    ])
    var values: SessionValues {
        SessionValues(
            nowNanoseconds: 1_795_350_270_000_000_000, timeZone: "UTC", user: user, database: currentDatabase,
            settings: settings.all)
    }
}

final class TestExecution: QueryExecution {
    let schema: Schema
    private let batches: Mutex<[Batch]>

    init(_ rows: [[Value]], _ columns: [ColumnReference]) {
        schema = Schema(columns.map { Field($0.name, $0.type) })
        let data = columns.enumerated().map { index, column in Column.of(column.type, rows.map { $0[index] }) }
        batches = Mutex([Batch(columns: data, count: rows.count)])
    }

    func next() throws -> Batch? { batches.withLock { $0.popLast() } }
    func cancel() {}
    var progress: QueryProgress { QueryProgress() }
    var summary: QuerySummary { QuerySummary() }
}

extension LogicalPlan {
    /// Rows that stand in the plan; numbers are `int`, texts `string`.
    static func rows(_ rows: [Any]...) -> LogicalPlan { .of(rows) }

    static func of(_ rows: [[Any]], types: [DataType]? = nil) -> LogicalPlan {
        let types = types ?? rows.first.map { $0.map { $0 is Int ? DataType.int : .string } } ?? []
        let columns = types.enumerated().map { ColumnReference(id: ColumnID($0), name: "_c\($0)", type: $1) }
        return .values(
            Values(
                columns: columns,
                rows: rows.map { row in
                    zip(row, types).map { value, type in
                        .literal((value as? Int).map { .integer(Int64($0)) } ?? .string("\(value)"), type)
                    }
                }))
    }
}

func errorOf(_ body: () throws -> Void) -> HoneyError? {
    do {
        try body()
        return nil
    } catch { return error as? HoneyError }
}
