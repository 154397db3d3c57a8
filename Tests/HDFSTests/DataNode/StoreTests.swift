import HoneyWorld
import NIOCore
import Testing

@testable import HoneyHDFS

struct StoreTests {
    static let identity = StoreIdentity(pool: "BP-1-test-1", namespaceID: 1, clusterID: "CID-1", creationTime: 0)

    static func load(_ disks: [any Disk], _ identity: StoreIdentity = identity) throws -> BlockStore {
        let store = BlockStore(disks, keepsFreeBytes: 0) { _, _ in }
        var random = SeededRandom(seed: 1)
        try store.load(identity, random: &random)
        return store
    }

    static func bytes(_ count: Int, seed: UInt64 = 5) -> [UInt8] {
        var random = SeededRandom(seed: seed)
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    static func write(_ replica: OpenReplica, _ data: [UInt8], _ range: Range<Int>) throws {
        let bytes = ByteBuffer(bytes: data[range])
        let sums = replica.checksum.checksums(of: bytes)
        #expect(replica.accepts(offset: range.lowerBound, data: bytes, checksums: sums))
        try replica.write(at: range.lowerBound, data: bytes, checksums: sums)
    }

    static func read(_ reader: ReplicaReader) throws -> [UInt8] {
        var (bytes, offset): ([UInt8], Int) = ([], 0)
        while offset < reader.block.size {
            let piece = try reader.piece(at: offset, count: 4096, end: reader.block.size)
            #expect(piece.damagedAt == nil)
            bytes += Array(piece.data.readableBytesView)
            offset += piece.data.readableBytes
        }
        return bytes
    }

    private struct Crash: Error {}

    /// Writes a replica in all ways there are, up to a crash after some targets were made durable.
    private final class Script {
        let disk = VolatileDisk("data")
        let data = StoreTests.bytes(6000)
        let block = Block(id: 1 << 30, generationStamp: 1001, size: 1 << 20)
        var left: Int
        /// Bytes of which somebody was told that they are durable.
        var promised = 0
        var isFinished = false

        init(crashAfter count: Int) { left = count }

        func makeDurable(_ targets: [SyncTarget]) throws {
            for target in targets {
                guard left > 0 else { throw Crash() }
                left -= 1
                switch target {
                case .file(let file): try file.synchronize()
                case .directory(let disk, let path): try disk.synchronize(path)
                }
            }
        }

        private func hsync(_ store: BlockStore, _ replica: OpenReplica) throws {
            try makeDurable(store.bytes(of: replica) + (try replica.noteTail().map { [.file($0)] } ?? []))
            promised = replica.received
        }

        private func finish(_ store: BlockStore, _ replica: OpenReplica) throws {
            try makeDurable(store.bytes(of: replica))
            try makeDurable(store.finalize(replica))
            promised = replica.received
            isFinished = true
        }

        func run() throws {
            let store = try StoreTests.load([disk])
            let first = try store.create(block, as: .written, checksum: .standard, storageID: "")
            try StoreTests.write(first, data, 0..<1000)
            try hsync(store, first)
            // The chunk that was not whole comes again from its start.
            try StoreTests.write(first, data, 512..<1300)
            try StoreTests.write(first, data, 1024..<3000)
            try hsync(store, first)
            try StoreTests.write(first, data, 2560..<3100)
            try finish(store, first)
            let here = Block(id: block.id, generationStamp: 1001, size: 3100)
            let (second, targets) = try store.append(here, newStamp: 1002, expectedBytes: 3100)
            try makeDurable(targets)
            isFinished = false
            // An append fills the last chunk first.
            try StoreTests.write(second, data, 3100..<3584)
            try StoreTests.write(second, data, 3584..<5000)
            try hsync(store, second)
            try StoreTests.write(second, data, 4608..<5100)
            let (third, more) = try store.takeOver(
                Block(id: block.id, generationStamp: 1002, size: 5000), newStamp: 1003, bytes: 5000...5100)
            try makeDurable(more)
            try StoreTests.write(third, data, 4608..<5300)
            try finish(store, third)
        }
    }

    /// What else than the durable bytes a crash leaves.
    enum Leftover: CaseIterable, Sendable {
        case nothing, checksums, data
    }

    @Test(arguments: Leftover.allCases) func noByteThatWasPromisedIsLostByACrash(leftover: Leftover) throws {
        var count = 0
        var hasEnded = false
        while !hasEnded {
            let script = Script(crashAfter: count)
            do {
                try script.run()
                hasEnded = true
            } catch is Crash {}
            for (path, file) in script.disk.contents where path.contains("blk_") {
                let isMeta = path.hasSuffix(".meta")
                if leftover == .checksums && isMeta || leftover == .data && !isMeta { file.durable = file.bytes }
            }
            script.disk.crash()
            try check(script, "crash after \(count)")
            count += 1
        }
        #expect(count > 25)
    }

    private func check(_ script: Script, _ comment: Comment) throws {
        let store = try Self.load([script.disk])
        let id = script.block.id
        guard let found = store.block(id) else {
            #expect(script.promised == 0, comment)
            return
        }
        #expect(found.size >= script.promised, comment)
        if script.isFinished { #expect(store.replicas[id]?.state == .finalized, comment) }
        // Its checksums vouch for all that is there, and it can be finished.
        if store.replicas[id]?.state == .waiting {
            _ = try store.beginRecovery(found, stamp: 2000)
            guard case .open(let opened) = try store.applyRecovery(id, stamp: 2000, bytes: found.size) else {
                Issue.record("a waiting replica cannot be recovered")
                return
            }
            _ = try store.finalize(opened)
        }
        let bytes = try Self.read(try store.reader(of: found))
        #expect(bytes == Array(script.data.prefix(found.size)), comment)
        #expect(
            script.disk.contents.filter { $0.path.contains("blk_") }.count == 2, "\(script.disk.contents.map(\.path))")
    }

    @Test func aPacketWithAWrongChecksumOrAGapIsRefused() throws {
        let store = try Self.load([VolatileDisk("data")])
        let data = Self.bytes(3000)
        let replica = try store.create(
            Block(id: 1, generationStamp: 1, size: 4096), as: .written, checksum: .standard, storageID: "")
        let bytes = ByteBuffer(bytes: data[0..<2000])
        var sums = replica.checksum.checksums(of: bytes)
        #expect(replica.accepts(offset: 0, data: bytes, checksums: sums))
        #expect(!replica.accepts(offset: 100, data: bytes, checksums: sums))
        sums.setInteger(UInt8(sums.getInteger(at: 5, as: UInt8.self)! ^ 1), at: 5)
        #expect(!replica.accepts(offset: 0, data: bytes, checksums: sums))
        #expect(!replica.accepts(offset: 0, data: bytes, checksums: ByteBuffer()))
        #expect(throws: OpenReplica.Gap.self) {
            try replica.write(at: 512, data: bytes, checksums: replica.checksum.checksums(of: bytes))
        }
        #expect(replica.received == 0)
    }

    @Test func aTruncatedReplicaKeepsItsBeginning() throws {
        for cut in [0, 1, 511, 512, 1000, 2047, 2048, 2999] {
            let store = try Self.load([VolatileDisk("data")])
            let data = Self.bytes(3000)
            let block = Block(id: 9, generationStamp: 5, size: 4096)
            let replica = try store.create(block, as: .written, checksum: .standard, storageID: "")
            try Self.write(replica, data, 0..<3000)
            _ = try store.finalize(replica)
            _ = try store.beginRecovery(block, stamp: 6)
            guard case .open(let opened) = try store.applyRecovery(9, stamp: 6, bytes: cut) else {
                Issue.record("not cut")
                continue
            }
            _ = try store.finalize(opened)
            let here = try #require(store.block(9))
            #expect(here == Block(id: 9, generationStamp: 6, size: cut))
            #expect(try Self.read(try store.reader(of: here)) == Array(data.prefix(cut)), "cut at \(cut)")
        }
    }

    @Test func aReplicaThatIsTooShortIsDamagedWhateverItsChunks() throws {
        for bytesPerChecksum in [512, 1 << 18] {
            let disk = VolatileDisk("data")
            let store = try Self.load([disk])
            let block = Block(id: 3, generationStamp: 1, size: 1 << 19)
            let kind = ChecksumKind(algorithm: .crc32C, bytesPerChecksum: bytesPerChecksum)
            let replica = try store.create(block, as: .written, checksum: kind, storageID: "")
            try Self.write(replica, Self.bytes(block.size), 0..<block.size)
            _ = try store.finalize(replica)
            try disk.open(store.volumes[0].data(.finalized, 3), .update).truncate(to: 1 << 18)
            let piece = try store.reader(of: block).piece(at: 1 << 18, count: 128 << 10, end: block.size)
            #expect(piece.damagedAt == 1 << 18)
        }
    }

    @Test func storageOfAnotherClusterOrNameSpaceIsRefused() throws {
        let disk = VolatileDisk("data")
        let uuid = try Self.load([disk]).datanodeUUID
        #expect(try Self.load([disk]).datanodeUUID == uuid)
        var other = Self.identity
        other.clusterID = "CID-2"
        #expect { try Self.load([disk], other) } throws: { "\($0)".contains("another cluster") }
        other = Self.identity
        other.namespaceID = 2
        #expect { try Self.load([disk], other) } throws: { "\($0)".contains("another name space") }
    }

    /// Replicas are two files, and each of their moves may fail, as may taking it back.
    @Test func aMoveThatFailsHalfWayCanBeTriedAgain() throws {
        func patient<Value>(_ work: () throws -> Value) throws -> Value {
            for _ in 0..<5 { if let value = try? work() { return value } }
            return try work()
        }
        for first in 0..<8 {
            for count in 1...3 {
                let disk = FaultyDisk(VolatileDisk("data"))
                let store = try Self.load([disk])
                let base = disk.renames
                disk.failingRenames = base + first..<base + first + count
                let data = Self.bytes(3000)
                let block = Block(id: 7, generationStamp: 1, size: 4096)
                let replica = try store.create(block, as: .written, checksum: .standard, storageID: "")
                try Self.write(replica, data, 0..<1000)
                _ = try patient { try store.finalize(replica) }
                let here = try #require(store.block(7))
                let (opened, _) = try patient { try store.append(here, newStamp: 2, expectedBytes: 1000) }
                try Self.write(opened, data, 512..<3000)
                _ = try patient { try store.finalize(opened) }
                let whole = try #require(store.block(7))
                #expect(try Self.read(try store.reader(of: whole)) == data, "failing: \(first), \(count)")
                #expect(try Self.read(try Self.load([disk]).reader(of: whole)) == data, "failing: \(first), \(count)")
            }
        }
    }

    @Test func newReplicasGoWhereThereIsRoom() throws {
        let disks = [FaultyDisk(VolatileDisk("a")), FaultyDisk(VolatileDisk("b"))]
        let store = try Self.load(disks)
        disks[0].capacity = 50_000
        disks[1].capacity = 100_000
        func volume(_ id: UInt64, _ bytes: Int, _ storage: String = "") throws -> Int {
            try store.create(
                Block(id: id, generationStamp: 1, size: bytes), as: .written, checksum: .standard, storageID: storage
            ).volume.index
        }
        #expect(try volume(1, 60_000) == 1)
        #expect(try volume(2, 30_000, store.volumes[1].storageID) == 1)
        #expect(try volume(3, 20_000) == 0)
        #expect { try volume(4, 60_000) } throws: { "\($0)".contains("DiskOutOfSpace") }
        try store.remove(1)
        #expect(try volume(4, 60_000) == 1)
    }

    @Test func aVolumeThatFailsIsLeftOut() throws {
        let disks = [FaultyDisk(VolatileDisk("a")), FaultyDisk(VolatileDisk("b"))]
        let store = try Self.load(disks)
        var failed: [Int] = []
        store.volumeFailed = { failed.append($0.index) }
        let replicas = try (0..<4).map { number in
            try store.create(
                Block(id: UInt64(number), generationStamp: 1, size: 1000), as: .written, checksum: .standard,
                storageID: store.volumes[number % 2].storageID)
        }
        disks[0].hasFailed = true
        #expect(throws: DiskError.self) { try Self.write(replicas[0], Self.bytes(100), 0..<100) }
        store.examine(replicas[0].volume, after: DiskError(.failed, "cannot write"))
        #expect(failed == [0])
        #expect(store.replicas.keys.sorted() == [1, 3])
        #expect(store.workingVolumes.map(\.index) == [1])
    }

    @Test func aMillionReplicasAreSmall() throws {
        #expect(MemoryLayout<Replica>.stride <= 24)
    }

    @Test(arguments: [ChecksumKind.Algorithm.crc32, .crc32C]) func checksumsOfPartsMakeThatOfTheWhole(
        algorithm: ChecksumKind.Algorithm
    ) {
        let kind = ChecksumKind(algorithm: algorithm, bytesPerChecksum: 512)
        let check = kind.extend(0, with: ByteBuffer(string: "123456789"))
        #expect(check == (algorithm == .crc32 ? 0xCBF4_3926 : 0xE306_9283))
        for length in [0, 1, 100, 512, 5000] {
            let (first, second) = (ByteBuffer(bytes: Self.bytes(777)), ByteBuffer(bytes: Self.bytes(length, seed: 6)))
            var both = first
            both.writeImmutableBuffer(second)
            #expect(
                kind.combine(kind.extend(0, with: first), kind.extend(0, with: second), shift: kind.shift(over: length))
                    == kind.extend(0, with: both))
        }
    }

    @Test func namesOfFilesAreThoseOfHadoop() {
        #expect(ReplicaName.parse("blk_1073741825") == .data(1_073_741_825))
        #expect(ReplicaName.parse("blk_1073741825_1001.meta") == .meta(1_073_741_825, stamp: 1001))
        #expect(ReplicaName.parse("blk_-5_7.meta") == .meta(UInt64(bitPattern: -5), stamp: 7))
        #expect(
            ReplicaName.parse("blk_-5") == .data(UInt64(bitPattern: -5)) && ReplicaName.parse("blk_7.tail") == .tail(7))
        for name in [
            "blk_--5", "blk_9223372036854775808", "blk_1_18446744073709551616.meta", "blk_1_-2.meta", "blk_", "blk_x",
            "blk_1_2", "blk_1_.meta", "blk_1_2_3.meta", "VERSION", "blk_.tail",
        ] {
            #expect(ReplicaName.parse(name) == .other, "\(name)")
        }
        let volume = Volume(VolatileDisk("data"), index: 0)
        volume.poolDirectory = "current/BP-1"
        #expect(
            volume.data(.finalized, 0x1234_5678)
                == "current/BP-1/current/finalized/subdir20/subdir22/blk_305419896")
    }
}
