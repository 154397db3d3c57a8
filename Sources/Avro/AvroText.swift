import HoneyCore
package import HoneyFiles
import HoneyStorage

/// Shows the rows of an Avro file as JSON, one a line, in the encoding that Avro's specification gives: of unions, the type of
/// the value is told.
package struct AvroText {
    private let file: any ReadableFile
    private let header: AvroHeader
    private let schema: AvroSchema

    private static let maximumDepth = 1000
    /// Items or rows without bytes that there may be together.
    private static let maximumEmptyItems = 1 << 24

    /// Reads the header; fails with `FILE_DAMAGED` or `UNSUPPORTED_FILE`.
    package init(_ file: any ReadableFile) throws {
        self.file = file
        var counters = ReadCounters()
        header = try AvroHeader.read(of: file, counters: &counters)
        do { schema = try AvroSchema(json: header.schemaText) } catch let error as HoneyError {
            throw HoneyError(.data, "UNSUPPORTED_FILE", "schema of the file is unusable: \(error.message)")
        }
    }

    /// Writes all rows, a block at a time.
    package func write(to output: ([UInt8]) throws -> Void) throws {
        var counters = ReadCounters()
        var blocks = try AvroBlocks(
            file, header: header, split: ByteRange(start: 0, end: file.size), onlyCounts: false, counters: &counters)
        let decompressor = try header.compression().makeDecompressor()
        while let block = try blocks.next(counters: &counters) {
            guard let stored = block.stored else { continue }
            try placingErrors(in: file.location.description, at: block.offset) {
                guard let decompressor else { return try write(block.rowCount, of: stored, to: output) }
                var pool = BufferPool()
                let (buffer, count) = try decompressor.decompress(stored) { pool.take($0) }
                defer { withExtendedLifetime(buffer) {} }
                try write(block.rowCount, of: UnsafeRawBufferPointer(start: buffer.base, count: count), to: output)
            }
            withExtendedLifetime(block.owner) {}
        }
    }

    private func write(
        _ rows: Int, of bytes: UnsafeRawBufferPointer, to output: ([UInt8]) throws -> Void
    ) throws {
        guard let start = bytes.baseAddress else { return }
        guard rows <= max(bytes.count, AvroText.maximumEmptyItems) else {
            throw HoneyError.damaged("block claims too many rows: \(rows)")
        }
        var cursor = AvroCursor(start.assumingMemoryBound(to: UInt8.self), count: bytes.count)
        for _ in 0..<rows {
            var json = ByteSink()
            try append(schema.root, &cursor, to: &json, depth: 0)
            json.append(0x0A)
            try output(json.bytes)
        }
    }

    private func append(
        _ index: Int, _ cursor: inout AvroCursor, to json: inout ByteSink, depth: Int
    ) throws {
        guard depth < AvroText.maximumDepth else { throw HoneyError.damaged("records are nested too deeply") }
        let type = schema.types[index]
        switch type.shape {
        case .null: json.append("null")
        case .boolean: json.append(try cursor.take(1)[0] == 0 ? "false" : "true")
        case .int, .long: json.append(String(try cursor.readLong()))
        case .float: AvroText.append(Float(bitPattern: try bits(UInt32.self, &cursor)), to: &json)
        case .double: AvroText.append(Double(bitPattern: try bits(UInt64.self, &cursor)), to: &json)
        case .string: AvroText.append(try cursor.readString(), to: &json)
        case .bytes:
            let (start, count) = try cursor.readBytes()
            AvroText.append(start, count, to: &json)
        case .fixed(let byteCount): AvroText.append(try cursor.take(byteCount), byteCount, to: &json)
        case .enumeration(let symbols, _):
            let symbol = try cursor.readLong()
            guard symbols.indices.contains(Int(symbol)) else {
                throw HoneyError.damaged("symbol is unknown: \(symbol)")
            }
            AvroText.append(symbols[Int(symbol)], to: &json)
        case .array(let element): try appendItems(element, isMap: false, &cursor, to: &json, depth)
        case .map(let value): try appendItems(value, isMap: true, &cursor, to: &json, depth)
        case .union(let branches):
            let branch = try cursor.readLong()
            guard branches.indices.contains(Int(branch)) else {
                throw HoneyError.damaged("branch of a union is unknown: \(branch)")
            }
            try appendBranch(branches[Int(branch)], &cursor, to: &json, depth)
        case .record(let fields):
            json.append("{")
            for (position, field) in fields.enumerated() {
                if position > 0 { json.append(",") }
                AvroText.append(field.name, to: &json)
                json.append(":")
                try append(field.type, &cursor, to: &json, depth: depth + 1)
            }
            json.append("}")
        }
    }

    private func appendBranch(
        _ index: Int, _ cursor: inout AvroCursor, to json: inout ByteSink, _ depth: Int
    ) throws {
        if schema.isNull(index) { return json.append("null") }
        json.append("{")
        AvroText.append(schema.types[index].name ?? schema.types[index].title, to: &json)
        json.append(":")
        try append(index, &cursor, to: &json, depth: depth + 1)
        json.append("}")
    }

    private func appendItems(
        _ item: Int, isMap: Bool, _ cursor: inout AvroCursor, to json: inout ByteSink, _ depth: Int
    ) throws {
        json.append(isMap ? "{" : "[")
        var isFirst = true
        while case let count = try cursor.readItemCount(), count > 0 {
            // Items of no bytes have nothing that ends a wrong count.
            let most = isMap || schema.constantSizes[item] != 0 ? cursor.remaining : AvroText.maximumEmptyItems
            guard count <= most else { throw HoneyError.damaged("array or map claims too many items: \(count)") }
            for _ in 0..<count {
                if !isFirst { json.append(",") }
                isFirst = false
                if isMap {
                    AvroText.append(try cursor.readString(), to: &json)
                    json.append(":")
                }
                try append(item, &cursor, to: &json, depth: depth + 1)
            }
        }
        json.append(isMap ? "}" : "]")
    }

    private func bits<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type, _ cursor: inout AvroCursor) throws -> T {
        T(littleEndian: UnsafeRawPointer(try cursor.take(MemoryLayout<T>.size)).loadUnaligned(as: T.self))
    }

    private static func append(_ value: Float, to json: inout ByteSink) {
        if value.isFinite { return RealText.append(value, to: &json) }
        append(value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity", to: &json)
    }

    private static func append(_ value: Double, to json: inout ByteSink) {
        if value.isFinite { return RealText.append(value, to: &json) }
        append(value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity", to: &json)
    }

    /// Appends bytes as characters of the same numbers.
    private static func append(_ start: UnsafePointer<UInt8>, _ count: Int, to json: inout ByteSink) {
        var text = String.UnicodeScalarView()
        for byte in UnsafeBufferPointer(start: start, count: count) { text.append(Unicode.Scalar(byte)) }
        append(String(text), to: &json)
    }

    private static let escapes: [Unicode.Scalar: String] = [
        "\"": "\\\"", "\\": "\\\\", "\u{8}": "\\b", "\t": "\\t", "\n": "\\n", "\u{C}": "\\f", "\r": "\\r",
    ]

    private static func append(_ text: String, to json: inout ByteSink) {
        json.append("\"")
        for scalar in text.unicodeScalars {
            if let escaped = AvroText.escapes[scalar] {
                json.append(escaped)
            } else if scalar.value < 0x20 || scalar.value > 0xFFFF {
                // Avro's own library writes characters beyond 16 bits as pairs of surrogates.
                for unit in Array(String(scalar).utf16) {
                    let digits = String(unit, radix: 16, uppercase: true)
                    json.append("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
                }
            } else {
                json.append(String(scalar))
            }
        }
        json.append("\"")
    }
}
