import HoneyCodecs
import HoneyCore
import HoneyFiles

/// Writes records as lines, compressed where asked.
final class TextWriter: BatchWriter {
    private let encoder: any RecordEncoder
    private let file: any WritableFile
    private let compressor: (any StreamCompressor)?
    private var pending: [UInt8] = []
    private var compressed: [UInt8] = []
    private static let blockBytes = 1 << 18

    init(_ encoder: any RecordEncoder, to file: any WritableFile, compressor: (any StreamCompressor)?) {
        self.encoder = encoder
        self.file = file
        self.compressor = compressor
        pending.reserveCapacity(TextWriter.blockBytes + 4096)
    }

    var bytesWritten: Int { file.size + pending.count }

    func write(_ batch: Batch) throws {
        try encoder.encode(batch) { record in
            pending.append(contentsOf: record)
            pending.append(0x0A)
            if pending.count >= TextWriter.blockBytes { try flush() }
        }
    }

    func finish() throws {
        try flush()
        if let compressor {
            compressed.removeAll(keepingCapacity: true)
            try compressor.finish(into: &compressed)
            try compressed.withUnsafeBytes { try file.write($0) }
        }
        try file.close()
    }

    private func flush() throws {
        defer { pending.removeAll(keepingCapacity: true) }
        guard let compressor else { return try pending.withUnsafeBytes { try file.write($0) } }
        compressed.removeAll(keepingCapacity: true)
        try pending.withUnsafeBytes { try compressor.compress($0, into: &compressed) }
        try compressed.withUnsafeBytes { try file.write($0) }
    }
}
