import NIOCore

/// An open file of a simulated disk.
final class SimulatedFile: DiskFile, @unchecked Sendable {
    let node: SimulatedFileNode
    let path: String
    let disk: SimulatedDisk
    private let isWritable: Bool

    init(_ node: SimulatedFileNode, path: String, disk: SimulatedDisk, isWritable: Bool) {
        self.node = node
        self.path = path
        self.disk = disk
        self.isWritable = isWritable
    }

    var size: Int { node.size }

    func read(at offset: Int, count: Int, into buffer: inout ByteBuffer) throws(DiskError) -> Int {
        try disk.check("read", path, thousandths: disk.faults.readFailureThousandths)
        let length = min(count, node.size - offset)
        guard length > 0, offset >= 0 else { return 0 }
        return node.bytes.withUnsafeReadableBytes { bytes in
            buffer.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + length]))
        }
    }

    func write(_ data: ByteBuffer, at offset: Int) throws(DiskError) {
        try checkWritable("write")
        var data = data
        var failure: DiskError?
        let growth = offset + data.readableBytes - node.size
        if growth > 0, disk.usedBytes + growth > disk.capacity {
            let room = max(0, disk.capacity - disk.usedBytes - max(0, offset - node.size))
            data = data.getSlice(at: data.readerIndex, length: min(room, data.readableBytes))!
            failure = DiskError(.full, "cannot write: \(disk.name)/\(path): no space is left")
        } else if disk.happens(disk.faults.writeFailureThousandths) {
            let kept = Int.random(in: 0...data.readableBytes, using: &disk.random)
            data = data.getSlice(at: data.readerIndex, length: kept)!
            failure = DiskError(.failed, "cannot write: \(disk.name)/\(path): input/output error")
        }
        let before = node.size
        node.write(data, at: offset)
        node.modifiedMilliseconds = disk.wallMilliseconds()
        disk.resize(by: node.size - before)
        if let failure { throw failure }
    }

    func truncate(to size: Int) throws(DiskError) {
        try checkWritable("truncate")
        let before = node.size
        node.truncate(to: size)
        disk.resize(by: node.size - before)
    }

    func synchronize() throws(DiskError) { try SimulatedSync(.file(self)).finish() }

    private func checkWritable(_ action: String) throws(DiskError) {
        try disk.check(action, path)
        if !isWritable { throw DiskError(.readOnly, "cannot \(action): \(disk.name)/\(path): opened for reading") }
    }
}
