import FileSystemContracts
import HoneyCatalog
import HoneyCore
import HoneyExecution
import HoneyFiles
import HoneyPlan
import HoneyStorage
import Testing

@testable import HoneyPipelineEngine

@Suite struct SplitPlacementTests {
    private let places = ["a", "b", "c"].map { ExecutionPlace(hosts: [$0]) }

    private func split(_ number: Int, bytes: Int = 10, _ hosts: [String], racks: [String] = []) -> ScanSplit {
        ScanSplit(
            location: FileLocation(path: "/\(number)"), fileBytes: bytes, range: ByteRange(start: 0, end: bytes),
            hosts: hosts, racks: racks)
    }

    private func queue(_ splits: [ScanSplit]) -> SplitQueue {
        let storage = StorageDescriptor(
            columns: [], location: "/", inputFormat: "", outputFormat: "", serde: SerDeInfo(library: ""))
        let request = TableScan(table: Table(database: "d", name: "t", storage: storage), sources: [])
        return SplitQueue(request, splits, places: places)
    }

    @Test func eachPlaceTakesItsOwnSplitsThenThoseOfItsRackThenOthers() throws {
        let queue = queue([
            split(0, ["a"], racks: ["/r1"]), split(1, ["b"], racks: ["/r1"]), split(2, ["c"], racks: ["/r2"]),
            split(3, bytes: 5, ["b", "a"], racks: ["/r1", "/r1"]),
        ])
        func take(_ place: Int) throws -> (String, SplitDistance?) {
            let taken = try #require(queue.take(at: place))
            return (taken.split.location.path, taken.distance)
        }
        #expect(try take(0) == ("/0", .local))
        #expect(try take(0) == ("/3", .local))
        #expect(try take(0) == ("/1", .rack))
        #expect(try take(1) == ("/2", .offRack))
        #expect(queue.take(at: 2) == nil)
    }

    @Test func splitsWithoutHostsAreTakenBySizeAndCountForNothing() throws {
        let queue = queue([split(0, bytes: 1, []), split(1, bytes: 3, []), split(2, bytes: 2, [])])
        let taken = (0..<3).compactMap { queue.take(at: $0) }
        #expect(taken.map(\.split.location.path) == ["/1", "/2", "/0"])
        #expect(taken.allSatisfy { $0.distance == nil })
        #expect(queue.take(at: 0) == nil)
    }

    @Test func everySplitIsTakenOnceByThreadsAtDifferentPlaces() async {
        let hosts = ["a", "b", "c", "d"]
        let splits = (0..<1000).map { split($0, bytes: 1 + $0 % 7, [hosts[$0 % 4]], racks: ["/r\($0 % 2)"]) }
        let queue = queue(splits)
        let taken = await withTaskGroup(of: [String].self) { group in
            for place in 0..<3 {
                group.addTask {
                    var taken: [String] = []
                    while let next = queue.take(at: place) { taken.append(next.split.location.path) }
                    return taken
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(taken.count == splits.count)
        #expect(Set(taken) == Set(splits.map(\.location.path)))
    }

    @Test func theSummaryCountsWhereSplitsWereRead() throws {
        let world = World()
        let rows = (0..<50).map { [Int64($0)] as [Int64?] }
        let scan = LogicalPlan.scan(try world.table("t", rows, files: 5, width: 1, first: 1))
        var context = world.context(threads: 2)
        context.fileSystems = FileSystems([
            SpreadFiles(world.files) { location, range in
                let host = ["a", "b", "x", "a", "y"][Int(location.name) ?? 0]
                return [BlockLocation(range: range, hosts: [host], racks: [host < "x" ? "/near" : "/far"])]
            }
        ])
        context.places = places
        let execution = try PipelineEngine().run(scan, in: context)
        var count = 0
        while let batch = try execution.next() { count += batch.rowCount }
        #expect(count == 50)
        let locality = try #require(execution.summary.rows.first { $0.operatorName.hasSuffix("SCAN") }?.locality)
        #expect(locality.total == 5)
        // Instances are at places a and b: whichever of them takes a split, x and y are not in their rack.
        #expect(locality.offRack == 2)
    }
}
