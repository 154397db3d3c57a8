import HoneyCore

/// Copies of texts that become cells, for values that lie in many places.
struct CellText {
    private var bytes: [UInt8] = []
    private var list = CellList()

    mutating func append(_ text: UnsafeBufferPointer<UInt8>) {
        list.append(start: bytes.count, length: text.count)
        bytes.append(contentsOf: text)
    }

    mutating func appendMissing() { list.appendMissing() }

    /// Calls `body` with the cells, whose memory lives as long as what was made of them.
    func withCells<R>(_ body: (Cells) throws -> R) rethrows -> R {
        let buffer = Buffer(capacity: bytes.count + RecordBlock.readablePastEnd)
        bytes.withUnsafeBytes { source in
            if let start = source.baseAddress { buffer.base.copyMemory(from: start, byteCount: source.count) }
        }
        (buffer.base + bytes.count).initializeMemory(as: UInt8.self, repeating: 0, count: RecordBlock.readablePastEnd)
        let base = UnsafePointer(buffer.pointer(to: UInt8.self))
        return try list.starts.withUnsafeBufferPointer { starts in
            try list.lengths.withUnsafeBufferPointer { lengths in
                // An empty list has no address; any will do for no cells.
                let none = UnsafePointer(buffer.pointer(to: Int32.self))
                return try body(
                    Cells(
                        bytes: base, starts: starts.baseAddress ?? none, lengths: lengths.baseAddress ?? none,
                        count: list.count, owner: buffer))
            }
        }
    }
}
