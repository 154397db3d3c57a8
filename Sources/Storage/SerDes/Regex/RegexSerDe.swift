import HoneyCatalog
import HoneyCore

/// Lines that a regular expression takes apart, a group a column: Hive's RegexSerDe, which only reads.
public struct RegexSerDe: SerDe {
    public let names = ["org.apache.hadoop.hive.serde2.RegexSerDe"]
    public let writableClass = "org.apache.hadoop.io.Text"

    public init() {}

    public func makeDecoder(for request: ReadRequest) throws -> any RecordDecoder {
        let pattern = try LinePattern(request.serde)
        let count = request.columns.count { !$0.isRowOffset }
        guard pattern.groupCount == count else {
            throw HoneyError(
                .data, "INVALID_PROPERTY",
                "input.regex must have a group for each column: \(pattern.groupCount) groups for \(count) columns")
        }
        return try TranscodingDecoder.wrapping(RegexDecoder(request, pattern), for: request)
    }

    public func makeEncoder(for request: WriteRequest) throws -> any RecordEncoder {
        throw HoneyError(
            .semantic, "UNSUPPORTED_SERDE", "RegexSerDe only reads (write with \(ContributedRegexSerDe.name))")
    }
}

/// The RegexSerDe of Hive's contributions, which also writes, by `output.format.string`.
public struct ContributedRegexSerDe: SerDe {
    static let name = "org.apache.hadoop.hive.contrib.serde2.RegexSerDe"
    public let names = [ContributedRegexSerDe.name]
    public let writableClass = "org.apache.hadoop.io.Text"

    public init() {}

    public func makeDecoder(for request: ReadRequest) throws -> any RecordDecoder {
        try TranscodingDecoder.wrapping(RegexDecoder(request, LinePattern(request.serde)), for: request)
    }

    public func makeEncoder(for request: WriteRequest) throws -> any RecordEncoder {
        guard let text = request.serde.properties["output.format.string"] else {
            throw HoneyError(
                .data, "INVALID_PROPERTY", "table with RegexSerDe lacks the SerDe property output.format.string")
        }
        let format = try LineFormat(text, columnCount: request.columns.count)
        return try TranscodingEncoder.wrapping(LineFormatEncoder(format), for: request)
    }
}

/// Turns lines into columns: those that match as a whole by their groups, all others into nulls.
final class RegexDecoder: RecordDecoder {
    private let pattern: LinePattern
    private let wanted: WantedFields
    private let types: [DataType]
    private let found: RecordCells
    private let cells: RegexCells
    private let late: LateDecoding

    /// Fails with `UNSUPPORTED_TYPE` for columns that are not scalar.
    init(_ request: ReadRequest, _ pattern: LinePattern) throws {
        self.pattern = pattern
        wanted = WantedFields(request)
        types = request.projection.map { request.columns[$0].type }
        found = RecordCells(fieldCount: wanted.fields.count)
        cells = RegexCells(TextConversion(request.serde.properties))
        late = LateDecoding(types: types, filters: request.filters)
        if let column = wanted.columns.first(where: { $0.type.isComplex || $0.type == .binary }) {
            throw HoneyError(
                .semantic, "UNSUPPORTED_TYPE", "RegexSerDe cannot read a column of type \(column.type): \(column.name)")
        }
    }

    func decode(_ block: RecordBlock) throws -> Batch {
        let bytes = UnsafePointer(block.bytes.pointer(to: UInt8.self))
        var isMatch = [Bool](repeating: false, count: block.count)
        found.reset(rows: block.count)
        for row in 0..<block.count {
            let start = Int(block.offsets[row])
            let line = UnsafeBufferPointer(start: bytes + start, count: Int(block.lengths[row]))
            isMatch[row] = pattern.match(line, groups: wanted.fields) { slot, range in
                found.set(field: slot, row: row, start: start + range.lowerBound, length: range.count)
            }
        }
        return try late.batch(count: block.count) { column, rows, count in
            guard let slot = wanted.slots[column] else { return try block.rowOffsets(rows, count) }
            let cells = found.cells(field: slot, rows: rows, count: count, of: bytes, owner: block.bytes)
            return try self.cells.decode(types[column], cells) { index in
                isMatch[rows.map { Int($0[index]) } ?? index]
            }
        }
    }
}
