import HoneyAvro
import HoneyCatalog
import HoneyCodecs
import HoneyCore
import HoneyFiles
import HoneyORC
import HoneyParquet
import HoneyStorage

/// One format to read made-up files of, with each of the SerDes that it is usual with.
///
/// The last byte of an input, which no format looks at much, chooses the SerDe and where the file is cut into splits.
struct FuzzTarget: Sendable {
    var name: String
    var format: any FileFormat
    var serdes: [String]
    /// What the file is called, for those that go by its suffix.
    var suffix = ""

    private static let serdePackage = "org.apache.hadoop.hive.serde2."
    private static let lazySimple = serdePackage + "lazy.LazySimpleSerDe"
    private static let standard = StorageCatalog.standard(codecs: .standard)

    /// Every format, a line each; text once for each codec.
    static let all: [FuzzTarget] =
        [
            FuzzTarget("rcfile", "RCFILE", ["columnar.LazyBinaryColumnarSerDe", "columnar.ColumnarSerDe"]),
            FuzzTarget("sequencefile", "SEQUENCEFILE", ["lazy.LazySimpleSerDe", "lazybinary.LazyBinarySerDe"]),
            FuzzTarget("text", "TEXTFILE", ["lazy.LazySimpleSerDe"]),
            FuzzTarget(name: "orc", format: ORCFormat(), serdes: ORCFormat.serde.names),
            FuzzTarget(name: "parquet", format: ParquetFormat(), serdes: ParquetFormat.serde.names),
            FuzzTarget(name: "avro", format: AvroFormat(), serdes: AvroFormat.serde.names),
        ]
        + CodecCatalog.standard.codecs.map {
            FuzzTarget(
                name: "text" + $0.fileExtension, format: TextFormat(codecs: .standard), serdes: [lazySimple],
                suffix: $0.fileExtension)
        }

    init(name: String, format: any FileFormat, serdes: [String], suffix: String = "") {
        self.name = name
        self.format = format
        self.serdes = serdes
        self.suffix = suffix
    }

    /// A format of this room by its keyword, with SerDes named within Hive's package.
    private init(_ name: String, _ keyword: String, _ serdes: [String]) {
        let format = FuzzTarget.standard.formats.first { $0.keyword == keyword }!
        self.init(name: name, format: format, serdes: serdes.map { FuzzTarget.serdePackage + $0 })
    }

    /// One column of each type and some nested ones.
    private static let columns = [
        "int", "string", "decimal(20,4)", "timestamp", "array<string>", "struct<x:bigint,y:double>", "map<string,int>",
        "char(4)", "binary", "boolean", "date", "tinyint", "smallint", "float", "varchar(10)",
        "array<struct<x:int,y:map<string,array<int>>>>",
    ].enumerated().map { TableColumn("c\($0)", DataType(name: $1)!) }

    /// Reads a file of these bytes in one or two splits, and describes it; errors that say whose matter they are, are fine.
    func read(_ bytes: UnsafeRawBufferPointer) {
        let choice = Int(bytes.last ?? 0)
        do {
            let files = MemoryFileSystem()
            let location = FileLocation(scheme: "memory", path: "/file" + suffix)
            try files.write(Array(bytes), to: location)
            let file = try files.open(location)
            _ = bytes.count >= 4 && format.recognizes(bytes)
            let cut = choice & 1 == 0 ? 0 : file.size * (choice >> 3) / 32
            for split in [ByteRange(start: 0, end: cut), ByteRange(start: cut, end: file.size)]
            where split.start < split.end {
                try? read(file, split, serde: serdes[(choice >> 1) % serdes.count], tolerant: choice & 4 != 0)
            }
            _ = try format.inspect(file)
        } catch let error as HoneyError where error.kind == .internal {
            fatalError("\(error)")
        } catch {}
    }

    private func read(_ file: any ReadableFile, _ split: ByteRange, serde: String, tolerant: Bool) throws {
        let request = ReadRequest(
            columns: FuzzTarget.columns, projection: Array(FuzzTarget.columns.indices),
            serde: SerDeInfo(library: serde),
            settings: tolerant ? ["hive.io.rcfile.tolerate.corruptions": "true"] : [:])
        do {
            let reader = try format.makeReader(for: request, split: split, of: file)
            var rows = 0
            // A count of rows that a few bytes claim is no reason to go on for long.
            while rows < 100_000, let batch = try reader.next() {
                rows += batch.count
                guard batch.count > 0 else { continue }
                for column in batch.columns { _ = column.value(at: batch.count - 1) }
            }
        } catch let error as HoneyError {
            // A reader's error must say where, and must not be our own fault.
            guard error.kind != .internal, error.file != nil else { fatalError("\(error)") }
        }
    }
}
