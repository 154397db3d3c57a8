import HoneyCore
import HoneyStorage

extension AvroDecoder {
    /// Steps over a value that nobody wants.
    func skip(
        _ node: UnsafeMutablePointer<DecodingNode>, _ cursor: inout AvroCursor, depth: Int
    ) throws {
        switch node.pointee.kind {
        case .skipBytes: _ = try cursor.take(node.pointee.size)
        case .skipLong: _ = try cursor.readLong()
        case .skipCounted: _ = try cursor.readBytes()
        case .skipArray, .skipMap: try skipItems(node, &cursor, depth)
        case .skipUnion:
            let branch = try cursor.readLong()
            guard branch >= 0, branch < Int64(node.pointee.count) else { throw AvroDecoder.wrongBranch(branch) }
            try skip(nodes + (Int(node.pointee.first) + Int(branch)), &cursor, depth: depth)
        case .skipRecord:
            let first = nodes + Int(node.pointee.first)
            for index in 0..<Int(node.pointee.count) { try skip(first + index, &cursor, depth: depth) }
        case .skipNamed:
            guard depth < AvroDecoder.maximumDepth else { throw HoneyError.damaged("records are nested too deeply") }
            try skip(nodes + Int(node.pointee.first), &cursor, depth: depth + 1)
        default: throw HoneyError.unexpected("step of an Avro plan neither reads nor skips")
        }
    }

    private func skipItems(
        _ node: UnsafeMutablePointer<DecodingNode>, _ cursor: inout AvroCursor, _ depth: Int
    ) throws {
        let isMap = node.pointee.kind == .skipMap
        while true {
            let count = try cursor.readLong()
            if count == 0 { return }
            if count < 0 {
                // Those that tell their size in bytes are made for this.
                let size = try cursor.readLong()
                _ = try cursor.take(Int(clamping: size))
                continue
            }
            if !isMap, node.pointee.size >= 0 {
                let (bytes, overflow) = Int(count).multipliedReportingOverflow(by: node.pointee.size)
                _ = try cursor.take(overflow ? Int.max : bytes)
                continue
            }
            // Every other item takes a byte at least, so that a wrong count comes to the end of the bytes.
            for _ in 0..<count {
                if isMap { _ = try cursor.readBytes() }
                try skip(nodes + Int(node.pointee.first), &cursor, depth: depth)
            }
        }
    }
}
