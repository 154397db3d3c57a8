import HoneyHDFS
import HoneyWorld
import NIOCore

// What must be true of files and their replicas.
extension Simulation {
    func makeRecord(_ path: String) -> FileRecord {
        let record = FileRecord(number: files.count, path: path)
        files.append(record)
        return record
    }

    /// Hears that something did not work, which it may while something is wrong.
    func note(failureOf action: String, _ error: any Error) {
        world.trace?("    \(action) fails: \(error)")
        if isQuiet { fail("\(action) fails though nothing is wrong any more: \(error)") }
    }

    /// Checks what a reader got: all that was acknowledged when it began, and nothing that was not written.
    func check(_ bytes: ByteBuffer, of record: FileRecord, least: Int) {
        let count = bytes.readableBytes
        if count < least {
            fail("\(record.paths) was read as \(count) bytes, but \(least) were acknowledged")
        } else if count > record.written {
            fail("\(record.paths) was read as \(count) bytes, but only \(record.written) were written")
        } else if !record.matches(bytes, at: 0) {
            fail("\(record.paths) was read as other bytes than were written")
        }
    }

    /// Tells what is still to be done before everything is as it should be; nil when it is.
    func unsettled() -> String? {
        guard let blocks = (nameNode.machine as? NameNode)?.blockManager,
            let namespace = (nameNode.machine as? NameNode)?.namespace
        else { return "the NameNode is not there" }
        guard isServed else { return "no NameNode is active" }
        if blocks.safeMode.isOn { return "safe mode: " + blocks.safeMode.tip(at: nameNode.host.moment) }
        if namespace.leases.count > 0 { return "\(namespace.leases.count) clients hold leases" }
        let live = blocks.registry.liveCount
        if live < scenario.dataNodes { return "\(live) of \(scenario.dataNodes) DataNodes are there" }
        if blocks.underReplicatedCount + blocks.pendingCopyCount > 0 {
            return "\(blocks.underReplicatedCount) blocks have too few replicas, \(blocks.pendingCopyCount) are copied"
        }
        if blocks.pendingDeletionCount > 0 { return "\(blocks.pendingDeletionCount) replicas are to be deleted" }
        return blocks.corruptBlockCount > 0 ? "\(blocks.corruptBlockCount) blocks have damaged replicas" : nil
    }

    /// Checks each file: that it is where it must be, and that its replicas on the disks have its bytes.
    func checkFiles() {
        guard failure == nil, let namespace = (nameNode.machine as? NameNode)?.namespace else { return }
        let replicas = allReplicas()
        for record in files where failure == nil {
            let found = record.paths.compactMap { namespace.file(at: $0) }
            guard let file = found.first, found.count == 1 else {
                if found.count > 1 || !(record.mayBeGone || record.paths.isEmpty) {
                    fail("file \(record.number) is at \(found.count) of \(record.paths)")
                }
                continue
            }
            check(file, record, replicas)
        }
    }

    private func check(_ file: FileInode, _ record: FileRecord, _ replicas: [UInt64: [FoundReplica]]) {
        guard file.size >= record.acknowledged, file.size <= record.written else {
            return fail(
                "\(record.paths) has \(file.size) bytes in the end, but \(record.acknowledged) were acknowledged and "
                    + "\(record.written) written")
        }
        var offset = 0
        for block in file.blocks {
            let found = replicas[block.id] ?? []
            let good = found.filter { replica in
                replica.stamp == block.generationStamp && replica.bytes.readableBytes == block.size
                    && record.matches(replica.bytes, at: offset)
            }
            let wanted = min(file.replication, scenario.dataNodes)
            if good.count < wanted {
                let others = found.map { "\($0.place) stamp \($0.stamp) with \($0.bytes.readableBytes) bytes" }
                return fail(
                    "\(block.block) of \(record.paths), \(block.size) bytes at \(offset), has \(good.count) good replicas, not \(wanted): "
                        + others.joined(separator: ", "))
            }
            offset += block.size
        }
    }

    /// A finished replica on some disk.
    struct FoundReplica {
        var place: String
        var stamp: UInt64
        var bytes: ByteBuffer
    }

    /// Looks through the disks of all DataNodes.
    private func allReplicas() -> [UInt64: [FoundReplica]] {
        var found: [UInt64: [FoundReplica]] = [:]
        for disk in dataNodes.flatMap(\.host.disks) {
            var stamps: [String: UInt64] = [:]
            var blocks: [(id: UInt64, path: String)] = []
            for path in disk.paths where path.contains("/finalized/") {
                let name = path.split(separator: "/").last ?? ""
                let parts = name.split(separator: ".")[0].split(separator: "_")
                if name.hasSuffix(".meta"), parts.count == 3 {
                    stamps[String(path.dropLast(6 + parts[2].count))] = UInt64(parts[2])
                } else if parts.count == 2, let id = UInt64(parts[1]) {
                    blocks.append((id, path))
                }
            }
            for (id, path) in blocks {
                guard let file = try? disk.open(path, .read) else { continue }
                var bytes = ByteBuffer()
                _ = try? file.read(at: 0, count: file.size, into: &bytes)
                found[id, default: []].append(
                    FoundReplica(place: disk.name, stamp: stamps[path] ?? 0, bytes: bytes))
            }
        }
        return found
    }
}

extension Namespace {
    /// The file at a path; nil when there is none.
    fileprivate func file(at path: String) -> FileInode? {
        var inode: Inode = root
        for name in path.split(separator: "/") {
            guard let next = inode.directory?.child(FileName(String(name))) else { return nil }
            inode = next
        }
        return inode.file
    }
}
