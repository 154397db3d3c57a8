import HoneyWorld
import NIOCore
import Testing

struct SimulatedDiskTests {
    private func disk(seed: UInt64 = 1, capacity: Int = 1 << 30) -> SimulatedDisk {
        SimulatedDisk("disk", capacity: capacity, random: SeededRandom(seed: seed))
    }

    private func content(_ disk: SimulatedDisk, _ path: String) throws -> String? {
        guard try disk.entry(path) != nil else { return nil }
        let file = try disk.open(path, .read)
        var buffer = ByteBuffer()
        try file.read(at: 0, count: file.size, into: &buffer)
        return String(buffer: buffer)
    }

    @Test func whatWasSyncedSurvivesAndOfTheRestAnyPartMay() throws {
        var kept: Set<String?> = []
        for seed in 0..<100 as Range<UInt64> {
            let disk = disk(seed: seed)
            let file = try disk.open("a", .create)
            try file.write(ByteBuffer(string: "synced"), at: 0)
            try file.synchronize()
            try disk.synchronize("")
            try file.write(ByteBuffer(string: " lost"), at: 6)
            _ = try disk.open("b", .create)
            disk.losePower()
            let left = try #require(try content(disk, "a"))
            #expect(left.hasPrefix("synced") && "synced lost".hasPrefix(left), "seed \(seed)")
            kept.insert(left)
            kept.insert(try content(disk, "b"))
        }
        #expect(kept.isSuperset(of: ["synced", "synced lost", nil, ""]))
        #expect(kept.count > 5, "torn writes")
    }

    @Test func aFileWhoseNameWasNotSyncedMayBeGoneThoughItsBytesWere() throws {
        let outcomes = try (0..<50 as Range<UInt64>).map { seed in
            let disk = disk(seed: seed)
            let file = try disk.open("a", .create)
            try file.write(ByteBuffer(string: "x"), at: 0)
            try file.synchronize()
            disk.losePower()
            return try content(disk, "a")
        }
        #expect(Set(outcomes) == ["x", nil])
    }

    @Test func changesOfADirectorySurviveInTheirOrder() throws {
        for seed in 0..<200 as Range<UInt64> {
            let disk = disk(seed: seed)
            try disk.makeDirectory("d")
            for name in ["a", "b", "c"] { _ = try disk.open("d/" + name, .create) }
            try disk.rename("d/a", to: "d/z")
            disk.losePower()
            let names = try disk.entry("d") == nil ? [] : try disk.list("d").map(\.name)
            #expect(
                [[], ["a"], ["a", "b"], ["a", "b", "c"], ["b", "c", "z"]].contains(names), "seed \(seed): \(names)")
        }
    }

    @Test func aMoveBetweenDirectoriesHappensWhollyOrNot() throws {
        for seed in 0..<100 as Range<UInt64> {
            let disk = disk(seed: seed)
            try disk.makeDirectory("from")
            try disk.makeDirectory("to")
            _ = try disk.open("from/a", .create)
            try disk.synchronize("from")
            try disk.synchronize("")
            try disk.rename("from/a", to: "to/a")
            if seed % 2 == 0 { try disk.synchronize("to") }
            disk.losePower()
            let places = [try disk.entry("from/a"), try disk.entry("to/a")].map { $0 != nil }
            #expect(places[0] != places[1])
            if seed % 2 == 0 { #expect(places[1]) }
        }
    }

    @Test func aFullDiskTakesWhatFits() throws {
        let disk = disk(capacity: 10)
        let file = try disk.open("a", .create)
        try file.write(ByteBuffer(string: "12345678"), at: 0)
        let error = #expect(throws: DiskError.self) { try file.write(ByteBuffer(string: "9012"), at: 8) }
        #expect(error?.cause == .full)
        #expect(try content(disk, "a") == "1234567890")
        #expect(try disk.space().available == 0)
        try disk.remove("a")
        #expect(try disk.space().available == 10)
    }

    @Test func whatAFailedSyncGaveUpNoLaterSyncSaves() throws {
        let outcomes = try (0..<40 as Range<UInt64>).map { seed in
            let disk = disk(seed: seed)
            let file = try disk.open("a", .create)
            try disk.synchronize("")
            try file.write(ByteBuffer(string: "x"), at: 0)
            disk.faults.syncFailureThousandths = 1000
            #expect(throws: DiskError.self) { try file.synchronize() }
            disk.faults = DiskFaults()
            try file.synchronize()
            disk.losePower()
            return try content(disk, "a")
        }
        #expect(Set(outcomes) == ["", "x"])
    }

    @Test func bitsRotAndLostDisksRefuse() throws {
        let disk = disk()
        try disk.open("a", .create).write(ByteBuffer(string: "abc"), at: 0)
        #expect(disk.rot { $0 == "b" } == nil)
        let rotten = try #require(disk.rot())
        let text = try #require(try content(disk, "a"))
        #expect(zip(text, "abc").filter { $0 != $1 }.count == 1 || text.utf8.count != 3)
        #expect(rotten.path == "a")
        disk.faults.isLost = true
        #expect(throws: DiskError.self) { try disk.open("a", .read) }
        #expect(throws: DiskError.self) { try disk.list("") }
        disk.replace()
        #expect(try disk.list("").isEmpty)
    }
}
