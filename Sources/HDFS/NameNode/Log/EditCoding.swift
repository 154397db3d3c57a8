import NIOCore

// An edit in a record of the log: one byte for which it is, then its fields in this order.
//
// | code | edit                   | fields (numbers are varints; ± is one greater, so that 0 is -1; texts and lists have their length first) |
// |------|------------------------|-----------------------------------------------------------------------------------|
// | 1    | makeDirectory          | inode                                                                             |
// | 2    | createFile             | inode, replication, block bytes, writer                                           |
// | 3    | addBlock               | file, block                                                                       |
// | 4    | updateBlock            | file, block                                                                       |
// | 5    | abandonBlock           | file, block id                                                                    |
// | 6    | close                  | file, modified ±                                                                  |
// | 7    | open                   | file, writer, reopens last (0 or 1)                                               |
// | 8    | truncate               | file, kept blocks, modified ±                                                     |
// | 9    | rename                 | inode, new parent, new name, time ±                                               |
// | 10   | delete                 | inode, time ±                                                                     |
// | 11   | concatenate            | target, list of sources, time ±                                                   |
// | 12   | setMode                | inode, mode                                                                       |
// | 13   | setOwner               | inode, owner, group                                                               |
// | 14   | setTimes               | inode, modified ±, accessed ±                                                     |
// | 15   | setReplication         | file, replication                                                                 |
// | 16   | setQuota               | directory, names ±, space ±                                                       |
// | 17   | setAccessControl       | inode, mode, list of entries                                                      |
// | 18   | setAttributes          | inode, list of attributes                                                         |
// | 19   | setStoragePolicy       | inode, policy                                                                     |
// | 20   | advanceGenerationStamp | stamp                                                                             |
//
// inode: parent, id, name, owner, group, mode, time ±, list of entries · block: id, generation stamp, size ±
// writer: holder, machine, truncation ± · entry: scope (0 access, 1 default), kind, access, name · attribute: space, name, value

extension ByteBuffer {
    mutating func writeEdit(_ edit: Edit) {
        switch edit {
        case .makeDirectory(let made):
            writeInteger(UInt8(1))
            writeInode(made)
        case .createFile(let made, let replication, let blockBytes, let writer):
            writeInteger(UInt8(2))
            writeInode(made)
            writeNumbers(UInt64(replication), UInt64(blockBytes))
            writeWriter(writer)
        case .addBlock(let file, let block):
            writeCode(3, file)
            writeBlock(block)
        case .updateBlock(let file, let block):
            writeCode(4, file)
            writeBlock(block)
        case .abandonBlock(let file, let block): writeCode(5, file, block)
        case .close(let file, let modified):
            writeCode(6, file)
            writeSmall(modified)
        case .open(let file, let writer, let reopensLast):
            writeCode(7, file)
            writeWriter(writer)
            writeInteger(UInt8(reopensLast ? 1 : 0))
        case .truncate(let file, let kept, let modified):
            writeCode(8, file, UInt64(kept))
            writeSmall(modified)
        case .rename(let inode, let parent, let name, let time):
            writeCode(9, inode, parent)
            writeText(name)
            writeSmall(time)
        case .delete(let inode, let time):
            writeCode(10, inode)
            writeSmall(time)
        case .concatenate(let target, let sources, let time):
            writeCode(11, target, UInt64(sources.count))
            for source in sources { writeVarint(source) }
            writeSmall(time)
        default: writeAttributeEdit(edit)
        }
    }

    private mutating func writeAttributeEdit(_ edit: Edit) {
        switch edit {
        case .setMode(let inode, let mode): writeCode(12, inode, UInt64(mode))
        case .setOwner(let inode, let owner, let group):
            writeCode(13, inode)
            writeText(owner)
            writeText(group)
        case .setTimes(let inode, let modified, let accessed):
            writeCode(14, inode)
            writeSmall(modified)
            writeSmall(accessed)
        case .setReplication(let file, let replication): writeCode(15, file, UInt64(replication))
        case .setQuota(let directory, let names, let space):
            writeCode(16, directory)
            writeSmall(names)
            writeSmall(space)
        case .setAccessControl(let inode, let mode, let entries):
            writeCode(17, inode, UInt64(mode))
            writeEntries(entries)
        case .setAttributes(let inode, let attributes):
            writeCode(18, inode)
            writeAttributes(attributes)
        case .setStoragePolicy(let inode, let policy): writeCode(19, inode, UInt64(policy))
        case .advanceGenerationStamp(let stamp): writeCode(20, stamp)
        default: preconditionFailure("an edit has no code")
        }
    }

    private mutating func writeCode(_ code: UInt8, _ first: UInt64) {
        writeInteger(code)
        writeVarint(first)
    }

    private mutating func writeCode(_ code: UInt8, _ first: UInt64, _ second: UInt64) {
        writeCode(code, first)
        writeVarint(second)
    }

    private mutating func writeNumbers(_ first: UInt64, _ second: UInt64) {
        writeVarint(first)
        writeVarint(second)
    }

    private mutating func writeInode(_ made: Edit.NewInode) {
        writeNumbers(made.parent, made.id)
        writeText(made.name)
        writeText(made.owner)
        writeText(made.group)
        writeVarint(made.mode)
        writeSmall(made.time)
        writeEntries(made.accessControl)
    }

    mutating func writeBlock(_ block: Block) {
        writeNumbers(block.id, block.generationStamp)
        writeSmall(block.size)
    }

    mutating func writeWriter(_ writer: Writer) {
        writeText(writer.holder)
        writeText(writer.machine)
        writeSmall(writer.truncation ?? -1)
    }

    mutating func writeEntries(_ entries: [AccessControlEntry]) {
        writeVarint(entries.count)
        for entry in entries {
            writeInteger(UInt8(entry.isDefault ? 1 : 0))
            writeInteger(entry.kind.rawValue)
            writeInteger(entry.access)
            writeText(entry.name)
        }
    }

    mutating func writeAttributes(_ attributes: [ExtendedAttribute]) {
        writeVarint(attributes.count)
        for attribute in attributes {
            writeInteger(attribute.space)
            writeText(attribute.name)
            writeData(ByteBuffer(bytes: attribute.value))
        }
    }
}

extension RecordReader {
    mutating func edit() throws(RecordDamage) -> Edit {
        let code = try byte()
        switch code {
        case 1: return .makeDirectory(try inode())
        case 2:
            return .createFile(
                try inode(), replication: try size(), blockBytes: try size(), writer: try writer())
        case 3: return .addBlock(file: try unsigned(), try block())
        case 4: return .updateBlock(file: try unsigned(), try block())
        case 5: return .abandonBlock(file: try unsigned(), block: try unsigned())
        case 6: return .close(file: try unsigned(), modified: try integer())
        case 7: return .open(file: try unsigned(), writer: try writer(), reopensLast: try byte() == 1)
        case 8: return .truncate(file: try unsigned(), keptBlocks: try size(), modified: try integer())
        case 9:
            return .rename(inode: try unsigned(), parent: try unsigned(), name: try text(), time: try integer())
        case 10: return .delete(inode: try unsigned(), time: try integer())
        case 11:
            let target = try unsigned()
            var sources: [UInt64] = []
            for _ in 0..<(try count()) { sources.append(try unsigned()) }
            return .concatenate(target: target, sources: sources, time: try integer())
        case 12: return .setMode(inode: try unsigned(), mode: try size())
        case 13: return .setOwner(inode: try unsigned(), owner: try text(), group: try text())
        case 14: return .setTimes(inode: try unsigned(), modified: try integer(), accessed: try integer())
        case 15: return .setReplication(file: try unsigned(), try size())
        case 16: return .setQuota(directory: try unsigned(), names: try integer(), space: try integer())
        case 17: return .setAccessControl(inode: try unsigned(), mode: try size(), entries: try entries())
        case 18: return .setAttributes(inode: try unsigned(), try attributes())
        case 19: return .setStoragePolicy(inode: try unsigned(), policy: UInt8(clamping: try unsigned()))
        case 20: return .advanceGenerationStamp(try unsigned())
        default: throw RecordDamage(reason: "there is no change of code \(code)")
        }
    }

    /// A number that fits an `Int`.
    mutating func size() throws(RecordDamage) -> Int {
        let value = try unsigned()
        guard value <= UInt64(Int.max) else { throw RecordDamage(reason: "a number is too large") }
        return Int(value)
    }

    private mutating func inode() throws(RecordDamage) -> Edit.NewInode {
        Edit.NewInode(
            parent: try unsigned(), id: try unsigned(), name: try text(), owner: try text(), group: try text(),
            mode: try size(), time: try integer(), accessControl: try entries())
    }

    mutating func block() throws(RecordDamage) -> Block {
        Block(id: try unsigned(), generationStamp: try unsigned(), size: max(try integer(), 0))
    }

    mutating func writer() throws(RecordDamage) -> Writer {
        let holder = try text()
        let machine = try text()
        let truncation = try integer()
        return Writer(holder: holder, machine: machine, truncation: truncation < 0 ? nil : truncation)
    }

    mutating func entries() throws(RecordDamage) -> [AccessControlEntry] {
        var entries: [AccessControlEntry] = []
        for _ in 0..<(try count()) {
            let isDefault = try byte() == 1
            guard let kind = AccessControlEntry.Kind(rawValue: try byte()) else {
                throw RecordDamage(reason: "there is no such kind of access-control entry")
            }
            let access = try byte() & 7
            entries.append(AccessControlEntry(isDefault: isDefault, kind, name: try text(), access: access))
        }
        return entries
    }

    mutating func attributes() throws(RecordDamage) -> [ExtendedAttribute] {
        var attributes: [ExtendedAttribute] = []
        for _ in 0..<(try count()) {
            let space = try byte()
            let name = try text()
            let value = try data()
            attributes.append(ExtendedAttribute(space: space, name: name, value: Array(value.readableBytesView)))
        }
        return attributes
    }
}
