import HoneyCore
import HoneyWorld
import NIOCore

/// Reads an image into an empty name space.
struct ImageReader {
    let file: any DiskFile
    let path: String

    /// Checks the sum over the whole file, so that what is read after it is what was written.
    func verify() throws {
        let fileBytes = file.size
        guard fileBytes >= 8 else { throw damaged("image is too short", at: 0) }
        var sum: UInt32 = 0
        var offset = 0
        while offset < fileBytes - 4 {
            var piece = ByteBuffer()
            let count = try file.read(at: offset, count: min(Image.pieceBytes, fileBytes - 4 - offset), into: &piece)
            guard count > 0 else { throw damaged("image cannot be read to its end", at: offset) }
            sum = Checksums.extend(sum, with: piece)
            offset += count
        }
        var end = ByteBuffer()
        try file.read(at: offset, count: 4, into: &end)
        guard end.readInteger(as: UInt32.self) == sum else { throw damaged("image has a wrong checksum", at: offset) }
    }

    private func damaged(_ reason: String, at offset: Int) -> HoneyError {
        .damaged(reason, path: path, offset: offset)
    }

    /// Reads all; tells the last transaction in it.
    func read(into namespace: Namespace, answers: inout RetryCache) throws -> Int {
        var window = ByteBuffer()
        var offset = 0
        let fileBytes = file.size
        func next() throws -> RecordReader? {
            while true {
                if let length = window.getInteger(at: window.readerIndex, as: UInt32.self) {
                    if length == 0 { return nil }
                    guard Int(length) <= fileBytes - offset else {
                        throw damaged("image record is too long", at: offset)
                    }
                    if window.readableBytes >= 4 + Int(length) {
                        window.moveReaderIndex(forwardBy: 4)
                        offset += 4 + Int(length)
                        return RecordReader(window.readSlice(length: Int(length))!)
                    }
                }
                window.discardReadBytes()
                guard try file.read(at: offset + window.readableBytes, count: Image.pieceBytes, into: &window) > 0
                else {
                    throw damaged("image ends too early", at: offset)
                }
            }
        }
        guard var header = try next() else { throw damaged("image is empty", at: 0) }
        do {
            var tables = Tables()
            let (transaction, count) = try readHeader(&header, &tables, namespace)
            var inodes = 0
            while var record = try next() {
                let kind = try record.byte()
                if kind == 2 {
                    let time = try record.integer()
                    answers.insert(try record.answered(), time: time)
                } else {
                    try readInode(&record, isFile: kind == 1, tables, namespace)
                    inodes += 1
                }
            }
            guard inodes == count else { throw RecordDamage(reason: "there are \(inodes) inodes of \(count)") }
            namespace.countQuotas()
            return transaction
        } catch let damage as RecordDamage {
            throw damaged("image is damaged: \(damage.reason)", at: offset)
        }
    }

    private struct Tables {
        var owners: [String] = []
        var groups: [String] = []
    }

    private func readHeader(
        _ reader: inout RecordReader, _ tables: inout Tables, _ namespace: Namespace
    ) throws(RecordDamage) -> (transaction: Int, inodes: Int) {
        var magic = ""
        for _ in 0..<8 { magic.unicodeScalars.append(Unicode.Scalar(try reader.byte())) }
        guard magic == Image.magic else { throw RecordDamage(reason: "it is no image") }
        _ = try reader.unsigned()
        let transaction = try reader.size()
        guard transaction <= StorageDirectory.greatestTransaction else {
            throw RecordDamage(reason: "transaction \(transaction) is too great")
        }
        namespace.lastInodeID = try reader.unsigned()
        namespace.lastBlockID = try reader.unsigned()
        namespace.lastGenerationStamp = try reader.unsigned()
        let inodes = try reader.size()
        for _ in 0..<(try reader.count()) { tables.owners.append(try reader.text()) }
        for _ in 0..<(try reader.count()) { tables.groups.append(try reader.text()) }
        return (transaction, inodes)
    }

    private func readInode(
        _ reader: inout RecordReader, isFile: Bool, _ tables: Tables, _ namespace: Namespace
    ) throws(RecordDamage) {
        let id = try reader.unsigned()
        let parent = try reader.unsigned()
        let name = FileName(try reader.text())
        let owner = try reader.size()
        let group = try reader.size()
        guard owner < tables.owners.count, group < tables.groups.count else {
            throw RecordDamage(reason: "inode \(id) has no owner")
        }
        let ownership = namespace.ownership(
            tables.owners[owner], tables.groups[group], mode: try reader.size())
        let modified = try reader.integer()
        let extras = try readExtras(&reader)
        if parent == 0 {
            guard id == Namespace.rootID, !isFile else { throw RecordDamage(reason: "inode \(id) has no parent") }
            namespace.root.ownership = ownership
            namespace.root.modified = modified
            namespace.root.extras = extras
            return
        }
        guard let directory = namespace.inode(parent)?.directory, namespace.inode(id) == nil,
            directory.children.find(name) == nil
        else { throw RecordDamage(reason: "inode \(id) has a wrong parent") }
        guard isFile else {
            let inode = DirectoryInode(id: id, name: name, ownership: ownership, modified: modified)
            inode.extras = extras
            namespace.attach(inode, to: directory)
            return
        }
        let accessed = try reader.integer()
        let file = FileInode(
            id: id, name: name, ownership: ownership, modified: modified, accessed: accessed,
            replication: try reader.size(), blockBytes: try reader.size())
        file.extras = extras
        for _ in 0..<(try reader.count()) {
            let block = try reader.block()
            let isComplete = try reader.byte() == 1
            file.blocks.append(
                namespace.blocks.restore(
                    block: block, file: id, replication: file.replication, isComplete: isComplete))
        }
        namespace.attach(file, to: directory)
        if let writer = file.writer { namespace.leases.add(id, holder: writer.holder) }
    }

    private func readExtras(_ reader: inout RecordReader) throws(RecordDamage) -> InodeExtras? {
        let flags = try reader.byte()
        guard flags != 0 else { return nil }
        let extras = InodeExtras()
        if flags & 1 != 0 { extras.accessControl = try reader.entries() }
        if flags & 2 != 0 { extras.attributes = try reader.attributes() }
        if flags & 4 != 0 { extras.storagePolicy = try reader.byte() }
        if flags & 8 != 0 { extras.quota = Quota(names: try reader.integer(), space: try reader.integer()) }
        if flags & 16 != 0 { extras.writer = try reader.writer() }
        return extras
    }
}

extension Namespace {
    /// Counts what is below each directory with a quota, since images do not hold it.
    func countQuotas() {
        for case let directory as DirectoryInode in inodes.values where directory.extras?.quota != nil {
            let used = usage(of: directory)
            directory.extras!.quota!.usedNames = used.names
            directory.extras!.quota!.usedSpace = used.space
        }
    }
}
