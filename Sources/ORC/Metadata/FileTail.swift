import HoneyCore
import HoneyFiles
import HoneyStorage
internal import SwiftProtobuf

/// What stands at a file's end and tells what is before it.
///
/// ```
/// "ORC", stripes
/// metadata      statistics of each stripe, compressed
/// footer        stripes, schema, statistics of the file, compressed
/// postscript    lengths of these two, compression, version
/// u8            bytes of the postscript
/// ```
struct FileTail {
    static let magic = "ORC"
    /// Bytes read at first, in the hope that they hold all of the tail.
    private static let likelyBytes = 16 << 10

    /// What readers share of it.
    struct Parsed: Sendable {
        let postScript: ORCPostScript
        let footer: ORCFooter
        let schema: TypeNode
        let blockBytes: Int
        /// Where the stripes' statistics lie in the file.
        let metadataRange: Range<Int>
        let tail: Buffer
        let tailStart: Int
    }

    /// The statistics of all stripes.
    private struct Statistics: Sendable {
        var stripes: [ORCStripeStatistics]
    }

    private let parsed: Parsed
    private let footers: ParsedFooters
    let context: ReadContext

    var postScript: ORCPostScript { parsed.postScript }
    var footer: ORCFooter { parsed.footer }
    var schema: TypeNode { parsed.schema }

    /// Reads the tail of a file that has bytes, unless it is among `footers`; fails with `FILE_DAMAGED` or
    /// `UNSUPPORTED_FILE`.
    init(of file: any ReadableFile, sharing footers: ParsedFooters = ParsedFooters()) throws {
        var counters = ReadCounters()
        // Parsed, it takes some times its compressed bytes.
        parsed = try footers.footer(of: file, bytes: { $0.tail.capacity * 8 }) {
            try FileTail.parse(file, counters: &counters)
        }
        self.footers = footers
        context = ReadContext(
            file,
            compression: try ORCCompression(kind: parsed.postScript.compression, blockBytes: parsed.blockBytes))
        context.counters = counters
    }

    private static func parse(_ file: any ReadableFile, counters: inout ReadCounters) throws -> Parsed {
        let size = file.size
        var count = min(size, FileTail.likelyBytes)
        var bytes = try file.bytes(at: size - count, count: count, counters: &counters)
        let postScriptBytes = Int(bytes.pointer(to: UInt8.self)[count - 1])
        guard postScriptBytes > 0, postScriptBytes < count else { throw FileTail.notORC() }
        let raw = UnsafeRawBufferPointer(start: bytes.base + (count - 1 - postScriptBytes), count: postScriptBytes)
        guard let postScript = try? ORCPostScript(serializedBytes: Array(raw), partial: true) else {
            throw FileTail.notORC()
        }
        try FileTail.checkMagic(postScript, of: file, counters: &counters)
        let block =
            postScript.hasCompressionBlockSize
            ? postScript.compressionBlockSize : UInt64(ORCCompression.usualBlockBytes)
        guard postScript.compression == .none || block <= UInt64(ORCCompression.maximumBlockBytes) else {
            throw HoneyError.damaged("compression block size is out of range: \(block)")
        }
        let blockBytes = Int(min(block, UInt64(ORCCompression.maximumBlockBytes)))
        let compression = try ORCCompression(kind: postScript.compression, blockBytes: blockBytes)
        guard let footerBytes = Int(exactly: postScript.footerLength),
            let metadataBytes = Int(exactly: postScript.metadataLength),
            footerBytes < size, metadataBytes < size,
            footerBytes + metadataBytes + postScriptBytes + 1 <= size
        else { throw HoneyError.damaged("footer is longer than the file") }
        let footerEnd = size - 1 - postScriptBytes
        let metadataRange = footerEnd - footerBytes - metadataBytes..<footerEnd - footerBytes
        if size - count > metadataRange.lowerBound {
            count = size - metadataRange.lowerBound
            bytes = try file.bytes(at: metadataRange.lowerBound, count: count, counters: &counters)
        }
        let section = try compression.expand(
            UnsafeRawBufferPointer(
                start: bytes.base + (metadataRange.upperBound - (size - count)), count: footerBytes))
        counters.bytesDecompressed += section.count
        guard let footer = try? ORCFooter(serializedBytes: section, partial: true) else {
            throw HoneyError.damaged("footer does not parse")
        }
        let parsed = Parsed(
            postScript: postScript, footer: footer, schema: try TypeNode.tree(footer.types), blockBytes: blockBytes,
            metadataRange: metadataRange, tail: bytes, tailStart: size - count)
        try checkStripes(parsed)
        return parsed
    }

    /// The statistics of each stripe; empty when the file has none.
    func stripeStatistics() throws -> [ORCStripeStatistics] {
        let range = parsed.metadataRange
        guard !range.isEmpty else { return [] }
        return try footers.footer(of: context.file, bytes: { _ in range.count * 8 }) {
            let section = try context.section(
                parsed.tail, at: range.lowerBound - parsed.tailStart, count: range.count)
            guard let metadata = try? ORCMetadata(serializedBytes: section, partial: true) else {
                throw HoneyError.damaged("metadata does not parse")
            }
            return Statistics(stripes: metadata.stripeStats)
        }.stripes
    }

    /// Files of Hive 0.11 have the magic at their start only.
    private static func checkMagic(
        _ postScript: ORCPostScript, of file: any ReadableFile, counters: inout ReadCounters
    ) throws {
        if postScript.magic == magic { return }
        guard file.size >= magic.utf8.count else { throw notORC() }
        let start = try file.bytes(at: 0, count: magic.utf8.count, counters: &counters)
        guard UnsafeRawBufferPointer(start: start.base, count: 3).elementsEqual(magic.utf8) else { throw notORC() }
    }

    private static func checkStripes(_ parsed: Parsed) throws {
        var rows: UInt64 = 0
        let footer = parsed.footer
        for stripe in footer.stripes {
            var end = stripe.offset
            for length in [stripe.indexLength, stripe.dataLength, stripe.footerLength] {
                let (sum, overflow) = end.addingReportingOverflow(length)
                guard !overflow, sum <= UInt64(parsed.metadataRange.lowerBound) else {
                    throw HoneyError.damaged("stripe is longer than the file")
                }
                end = sum
            }
            let (sum, overflow) = rows.addingReportingOverflow(stripe.numberOfRows)
            guard !overflow else { throw HoneyError.damaged("stripe has too many rows") }
            rows = sum
        }
        guard rows == footer.numberOfRows || !footer.hasNumberOfRows, rows <= UInt64(Int.max) else {
            throw HoneyError.damaged("stripes have other rows than the file")
        }
    }

    private static func notORC() -> HoneyError { HoneyError.damaged("not an ORC file") }
}

extension FileTail {
    /// Tells whether days are Julian before October 1582.
    var hasHybridCalendar: Bool { footer.calendar != .prolepticGregorian }

    /// The columns of a row: the root's members, or the root itself where it is no struct.
    var rowColumns: [(name: String, type: TypeNode)] {
        guard schema.kind == .struct else { return [("_col0", schema)] }
        return Array(zip(schema.names, schema.children)).map { (name: $0.0, type: $0.1) }
    }

    /// Fails with `UNSUPPORTED_FILE` on files whose rows are not plain rows.
    func checkSupported() throws {
        if footer.hasEncryption {
            throw HoneyError(
                .data, "UNSUPPORTED_FILE",
                "encrypted columns are not read (copy the table without orc.encrypt in an engine that has the keys)")
        }
        let isTransactional = schema.kind == .struct && schema.names.map { $0.lowercased() } == FileTail.acidColumns
        guard !isTransactional, !footer.metadata.contains(where: { $0.name.hasPrefix("hive.acid.") }) else {
            throw HoneyError(
                .data, "UNSUPPORTED_FILE",
                "file belongs to a transactional (ACID) table: it holds changes, not rows "
                    + "(run a major compaction in Hive and copy the table to one that is not transactional)"
            )
        }
    }

    private static let acidColumns = [
        "operation", "originaltransaction", "bucket", "rowid", "currenttransaction", "row",
    ]
}
