import HoneyCatalog
import HoneyCore
import HoneyFiles
import Testing

@testable import HoneyStorage

struct BucketPruningTests {
    static let storage = StorageDescriptor(
        columns: [TableColumn("k", .int), TableColumn("s", .string), TableColumn("x", .double)], location: "memory:/t",
        inputFormat: "", outputFormat: "", serde: SerDeInfo(library: ""), bucketCount: 8, bucketColumns: ["k", "s"])

    static func scan(_ predicates: [ColumnPredicate], _ storage: StorageDescriptor = storage) -> TableScan {
        TableScan(
            table: Table(database: "d", name: "t", storage: storage), sources: [], predicates: predicates)
    }

    static func bound(_ value: Value) -> ColumnPredicate.Bound { .init(value, isInclusive: true) }

    @Test(
        arguments: [
            ("000003_0", 3), ("000003_0_copy_1", 3), ("00011_0_part-00000_00000.gz", 11), ("7_1", 7), ("data.txt", nil),
            ("000003", nil), ("000003_x", nil), ("_0", nil), ("99999999999999999999_0", nil),
        ] as [(String, Int?)])
    func namesTellBuckets(_ name: String, _ bucket: Int?) {
        #expect(BucketPruning.bucket(ofFile: name) == bucket)
    }

    @Test func equalityOnAllBucketColumnsChooses() {
        let one = ColumnPredicate.range(column: 0, lower: Self.bound(.integer(5)), upper: Self.bound(.integer(5)))
        let texts = ColumnPredicate.oneOf(column: 1, values: [.string("a"), .string("b")])
        #expect(BucketPruning.buckets(of: Self.storage, Self.scan([one])) == nil)
        // (31 * 5 + 97) % 8 and (31 * 5 + 98) % 8
        #expect(BucketPruning.buckets(of: Self.storage, Self.scan([one, texts])) == [4, 5])
        #expect(BucketPruning.buckets(of: Self.storage, Self.scan([.isNull(column: 0), texts])) == [1, 2])
        let open = ColumnPredicate.range(column: 1, lower: Self.bound(.string("a")), upper: nil)
        #expect(BucketPruning.buckets(of: Self.storage, Self.scan([one, open])) == nil)
    }

    @Test func samplesChooseBucketsByWhatTheirDivisorsShare() {
        for (count, remainder, buckets, expected) in [
            (4, 1, 8, [1, 5]), (16, 13, 8, [5]), (6, 5, 8, [1, 3, 5, 7]), (3, 0, 8, Array(0..<8)), (8, 2, 8, [2]),
        ] {
            let predicate = BucketPredicate(columns: [0, 1], version: .java, remainder: remainder, count: count)
            #expect((0..<buckets).filter { predicate.mayPass(bucket: $0, of: buckets) } == expected)
        }
    }

    @Test func onlySamplesByTheBucketColumnsChooseFiles() {
        func kept(_ columns: [Int], _ version: BucketHash.Version = .java, parameters: [String: String] = [:]) -> Int {
            var scan = Self.scan([])
            scan.table.parameters = parameters
            scan.bucketPredicates = [BucketPredicate(columns: columns, version: version, remainder: 3, count: 4)]
            return BucketPruning.files(Self.files((0..<8).map { "00000\($0)_0" }), of: Self.storage, scan).count
        }
        #expect(kept([0, 1]) == 2)
        #expect(kept([0]) == 8)
        #expect(kept([1, 0]) == 8)
        #expect(kept([0, 1], .murmur) == 8)
        #expect(kept([0, 1], .murmur, parameters: ["bucketing_version": "2"]) == 2)
    }

    private static func files(_ names: [String]) -> [FileStatus] {
        names.map {
            FileStatus(
                location: FileLocation(scheme: "memory", path: "/t/" + $0), isDirectory: false, size: 1,
                modifiedMilliseconds: 0, owner: "", group: "", permissions: 0o644)
        }
    }

    @Test func bothZerosAreLookedFor() {
        var storage = Self.storage
        storage.bucketColumns = ["x"]
        storage.bucketCount = 3
        let zero = ColumnPredicate.oneOf(column: 2, values: [.real(0)])
        let negative = BucketHash.bucket(.min, of: 3)
        #expect(BucketPruning.buckets(of: storage, Self.scan([zero], storage)) == [0, negative])
    }

    @Test func filesAreKeptWhenOneHasAnotherName() {
        let files = Self.files
        let scan = Self.scan([
            .oneOf(column: 0, values: [.integer(5)]), .oneOf(column: 1, values: [.string("a")]),
        ])
        let some = BucketPruning.files(files(["000004_0", "000005_0", "000004_0_copy_1"]), of: Self.storage, scan)
        #expect(some.map(\.location.name) == ["000004_0", "000004_0_copy_1"])
        let all = files(["000004_0", "000005_0", "notes.txt"])
        #expect(BucketPruning.files(all, of: Self.storage, scan) == all)
        #expect(BucketPruning.files(files(["000005_0", "000009_0"]), of: Self.storage, scan).count == 2)
        var unproven = scan
        unproven.table.parameters[Table.unprovenBuckets] = "true"
        #expect(BucketPruning.files(files(["000005_0"]), of: Self.storage, unproven).count == 1)
    }
}
