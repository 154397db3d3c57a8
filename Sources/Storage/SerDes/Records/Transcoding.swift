import HoneyCatalog
import HoneyCore

/// Gives a decoder of UTF-8 records that are in another character set.
final class TranscodingDecoder: RecordDecoder {
    private let decoder: any RecordDecoder
    private let transcoder: Transcoder

    /// Puts one around a decoder where the request's `serialization.encoding` asks for it.
    static func wrapping(_ decoder: any RecordDecoder, for request: ReadRequest) throws -> any RecordDecoder {
        guard let charset = try Charset.named(in: request.serde, request.tableParameters) else { return decoder }
        return TranscodingDecoder(decoder, try .reading(charset))
    }

    private init(_ decoder: any RecordDecoder, _ transcoder: Transcoder) {
        self.decoder = decoder
        self.transcoder = transcoder
    }

    func decode(_ block: RecordBlock) throws -> Batch {
        var text: [UInt8] = []
        var offsets: [Int32] = []
        var lengths: [Int32] = []
        let source = block.bytes.pointer(to: UInt8.self)
        for (offset, length) in zip(block.offsets, block.lengths) {
            let start = text.count
            transcoder.append(UnsafeBufferPointer(start: source + Int(offset), count: Int(length)), to: &text)
            guard text.count <= FieldMap.maximumBytes else {
                throw HoneyError(.data, "RECORDS_TOO_LONG", "records too long to decode: \(text.count) bytes")
            }
            offsets.append(Int32(truncatingIfNeeded: start))
            lengths.append(Int32(truncatingIfNeeded: text.count - start))
        }
        let buffer = Buffer(capacity: text.count + RecordBlock.readablePastEnd)
        text.withUnsafeBytes { source in
            if let base = source.baseAddress { buffer.base.copyMemory(from: base, byteCount: source.count) }
        }
        return try decoder.decode(RecordBlock(bytes: buffer, offsets: offsets, lengths: lengths))
    }
}

/// Puts the UTF-8 records of an encoder into another character set.
final class TranscodingEncoder: RecordEncoder {
    private let encoder: any RecordEncoder
    private let transcoder: Transcoder
    private var text: [UInt8] = []

    /// Puts one around an encoder where the request's `serialization.encoding` asks for it.
    static func wrapping(_ encoder: any RecordEncoder, for request: WriteRequest) throws -> any RecordEncoder {
        guard let charset = try Charset.named(in: request.serde, request.tableParameters) else { return encoder }
        return TranscodingEncoder(encoder, try .writing(charset))
    }

    private init(_ encoder: any RecordEncoder, _ transcoder: Transcoder) {
        self.encoder = encoder
        self.transcoder = transcoder
    }

    func encode(_ batch: Batch, emit: (UnsafeRawBufferPointer) throws -> Void) throws {
        try encoder.encode(batch) { record in
            text.removeAll(keepingCapacity: true)
            transcoder.append(record.assumingMemoryBound(to: UInt8.self), to: &text)
            try text.withUnsafeBytes(emit)
        }
    }
}
