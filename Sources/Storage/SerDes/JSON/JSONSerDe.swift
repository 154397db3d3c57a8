import HoneyCatalog
import HoneyCore

/// A JSON object a record, as Hive reads and writes it.
public struct JSONSerDe: SerDe {
    public let names = [
        "org.apache.hadoop.hive.serde2.JsonSerDe", "org.apache.hive.hcatalog.data.JsonSerDe",
        "org.apache.hcatalog.data.JsonSerDe",
    ]
    public let writableClass = "org.apache.hadoop.io.Text"

    public init() {}

    public func makeDecoder(for request: ReadRequest) throws -> any RecordDecoder {
        let dialect = JSONDialect.hive(request.serde, request.tableParameters)
        return try TranscodingDecoder.wrapping(JSONRecordDecoder(request, dialect), for: request)
    }

    public func makeEncoder(for request: WriteRequest) throws -> any RecordEncoder {
        let dialect = JSONDialect.hive(request.serde, request.tableParameters)
        return try TranscodingEncoder.wrapping(JSONRecordEncoder(request, dialect), for: request)
    }
}

/// A JSON object a record, as the SerDe of OpenX reads and writes it.
public struct OpenXJSONSerDe: SerDe {
    public let names = ["org.openx.data.jsonserde.JsonSerDe"]
    public let writableClass = "org.apache.hadoop.io.Text"

    public init() {}

    public func makeDecoder(for request: ReadRequest) throws -> any RecordDecoder {
        try TranscodingDecoder.wrapping(JSONRecordDecoder(request, .openX(request.serde)), for: request)
    }

    public func makeEncoder(for request: WriteRequest) throws -> any RecordEncoder {
        try TranscodingEncoder.wrapping(JSONRecordEncoder(request, .openX(request.serde)), for: request)
    }
}

/// Turns JSON records into columns: finds the tokens of the wanted fields in one pass over the records, then decodes them
/// column by column.
final class JSONRecordDecoder: RecordDecoder {
    private let dialect: JSONDialect
    private let wanted: WantedFields
    private let names: JSONFieldNames
    private let decoders: [JSONColumnDecoder?]
    private let found: RecordCells
    private let late: LateDecoding

    init(_ request: ReadRequest, _ dialect: JSONDialect) throws {
        self.dialect = dialect
        let wanted = WantedFields(request)
        self.wanted = wanted
        let types = request.projection.map { request.columns[$0].type }
        names = JSONFieldNames(
            wanted.columns.map(\.name), slots: wanted.columns.indices.map { wanted.slot(ofField: $0) }, dialect,
            hasPositions: true)
        decoders = try zip(types, wanted.slots).map { type, slot in
            try slot.map { _ in try JSONColumnDecoder(type, dialect) }
        }
        found = RecordCells(fieldCount: wanted.fields.count)
        late = LateDecoding(types: types, filters: request.filters)
    }

    func decode(_ block: RecordBlock) throws -> Batch {
        let bytes = UnsafePointer(block.bytes.pointer(to: UInt8.self))
        found.reset(rows: block.count)
        for row in 0..<block.count {
            let start = Int(block.offsets[row])
            var scanner = JSONScanner(bytes, from: start, to: start + Int(block.lengths[row]), dialect.isLenient)
            guard scan(&scanner, row) else {
                guard dialect.ignoresDamage else {
                    throw block.damaged("malformed JSON: \(scanner.problem)", at: scanner.index)
                }
                for field in wanted.fields.indices { found.set(field: field, row: row, start: 0, length: -1) }
                continue
            }
        }
        return try late.batch(count: block.count) { column, rows, count in
            guard let slot = wanted.slots[column], let decoder = decoders[column] else {
                return try block.rowOffsets(rows, count)
            }
            return try decoder.decode(
                found.cells(field: slot, rows: rows, count: count, of: bytes, owner: block.bytes), in: block)
        }
    }

    /// Finds a record's wanted fields; false when it is malformed.
    private func scan(_ scanner: inout JSONScanner, _ row: Int) -> Bool {
        scanner.skipBlanks()
        if scanner.isAtEnd, dialect.acceptsEmptyLines { return true }
        if dialect.isLenient, scanner.isAt(0x5B) { return scanArray(&scanner, row) }
        guard scanner.take(0x7B) else { return scanner.fail("a record must be an object") }
        var ordinal = 0
        while let key = scanner.nextKey(isFirst: ordinal == 0) {
            let slot = names.slot(of: key, in: scanner.bytes, ordinal: ordinal)
            guard let value = scanner.scanValue() else { return false }
            if slot >= 0 {
                found.set(field: slot, row: row, start: value.start, length: value.length)
            } else if slot == JSONFieldNames.unknown, dialect.refusesUnknownFields {
                return scanner.fail("no column has this field")
            }
            ordinal &+= 1
        }
        return scanner.hasEnded
    }

    /// Finds the fields of a record that has them by position.
    private func scanArray(_ scanner: inout JSONScanner, _ row: Int) -> Bool {
        guard scanner.take(0x5B) else { return false }
        var field = 0
        while scanner.hasElement(isFirst: field == 0) {
            guard let value = scanner.scanValue() else { return false }
            let slot = wanted.slot(ofField: field)
            if slot >= 0 { found.set(field: slot, row: row, start: value.start, length: value.length) }
            field += 1
        }
        return scanner.hasEnded
    }
}

extension WantedFields {
    /// A field's index in `fields`, or -1.
    func slot(ofField field: Int) -> Int { field < slotOfField.count ? Int(slotOfField[field]) : -1 }
}
