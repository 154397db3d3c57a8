import FormatContracts
import HoneyCatalog
import HoneyCore
import HoneyFiles
import Testing

@testable import HoneyStorage

struct RCFileTests {
    static let columns = [TableColumn("a", .int), TableColumn("b", .string), TableColumn("c", .string)]

    @Test func aFileHasTheBytesOfTheFormat() throws {
        let table = FileTable.rcfile([TableColumn("a", .int), TableColumn("b", .string)])
        let bytes = try table.written([
            [.integer(1), .string("x")], [.integer(2), .string("yz")], [.integer(300), .string("")],
        ])
        let key = Array("hive.io.rcfile.column.number".utf8)
        let header = Array("RCF".utf8) + [1, 0, 0, 0, 0, 1, UInt8(key.count)] + key + [1, 0x32]
        #expect(Array(bytes.prefix(header.count)) == header)
        let group = Array(bytes.dropFirst(header.count + 16))
        // Three rows; lengths of a: 1, 1, 3; of b: 1, 2, 1 (an empty string is BF).
        let lengths: [UInt8] = [3, 5, 5, 3, 1, 0xFE, 3, 4, 4, 3, 1, 2, 1]
        let cells: [UInt8] = [1, 2, 0x8E, 1, 0x2C] + Array("xyz".utf8) + [0xBF]
        #expect(group == [0, 0, 0, 22, 0, 0, 0, 13, 0, 0, 0, 13] + lengths + cells)
    }

    @Test func runsOfEqualLengthsAreSpelledOut() throws {
        // 1, 2, 2 and then 299 more of the last.
        let bytes: [UInt8] = [1, 2, 0xFE, 0x86, 0x01, 0x2B] + [UInt8](repeating: 0, count: 16)
        try bytes.withUnsafeBufferPointer { buffer in
            var lengths = CellLengths(buffer.baseAddress!, count: 6, limit: 603)
            var starts = [Int32](repeating: -1, count: 310)
            var sizes = starts
            #expect(try lengths.take(4, starts: &starts, lengths: &sizes) == nil)
            #expect(starts[..<4] == [0, 1, 3, 5] && sizes[..<4] == [1, 2, 2, 2])
            #expect(try lengths.take(200, starts: &starts, lengths: &sizes) == 2)
            #expect(starts[199] == 7 + 199 * 2)
            try lengths.skip(97)
            #expect(throws: HoneyError.self) { try lengths.checkEnd() }
            try lengths.skip(1)
            try lengths.checkEnd()
            #expect(throws: HoneyError.self) { try lengths.skip(1) }
        }
    }

    @Test func onlyWantedColumnsAreReadAndOnlyForGroupsWithRows() throws {
        var table = FileTable.rcfile(RCFileTests.columns)
        table.settings["hive.io.rcfile.record.interval"] = "1000"
        let rows: [[Value]] = (0..<5000).map {
            [.integer($0), .string(String(repeating: "b", count: 40)), .string(String(repeating: "c", count: 60))]
        }
        let file = try FileTable.file(table.written(rows))
        func bytesRead(_ projection: [Int], _ filters: [any RowFilter] = []) throws -> Int {
            let reader = try table.reader(file, projection: projection, filters: filters)
            while try reader.next() != nil {}
            return reader.counters.bytesRead
        }
        let ids = try bytesRead([0])
        let idsAndB = try bytesRead([0, 1])
        #expect(ids < 5000 * 4 + 2000)
        #expect(idsAndB - ids == 5000 * 40)
        #expect(try bytesRead([0, 1, 2]) - ids == 5000 * 100)
        #expect(try bytesRead([]) < 1000)
        // One group of five has a row that passes.
        let filter = TestFilter(0) { $0 == .integer(2500) }
        #expect(try bytesRead([0, 2], [filter]) - ids == 1000 * 60)
    }

    @Test func headersOfOldFilesAreRead() throws {
        let table = FileTable.rcfile(RCFileTests.columns)
        let rows: [[Value]] = [[.integer(1), .string("x"), .null], [.null, .string(""), .string("z")]]
        let bytes = try table.written(rows)
        let store = ByteStore()
        let marker = SyncMarker.random()
        SequenceFileHeader(
            keyClass: "org.apache.hadoop.hive.ql.io.RCFile$KeyBuffer",
            valueClass: "org.apache.hadoop.hive.ql.io.RCFile$ValueBuffer", isCompressed: false,
            isBlockCompressed: false, codecClass: nil, metadata: [("hive.io.rcfile.column.number", "3")],
            marker: marker
        ).write(to: store)
        let newHeader = ByteStore()
        RCFileHeader(codecClass: nil, columnCount: 3, marker: marker).write(to: newHeader)
        #expect(try table.rows(Array(store.bytes) + bytes.dropFirst(newHeader.count)) == rows)
    }

    /// Five groups of ten rows, the third one damaged.
    static func damagedFile(_ table: FileTable, _ damage: (inout [UInt8], _ start: Int) -> Void) throws -> [UInt8] {
        let rows: [[Value]] = (0..<50).map {
            [.integer($0), .string(String(repeating: "b", count: 200)), .string("c\($0)")]
        }
        var bytes = try table.written(rows)
        // A random marker may begin with the byte of which its escape is made.
        let marker = bytes.indices.dropFirst()
            .filter { bytes[$0 - 1] != 0xFF && bytes[$0...].starts(with: [0xFF, 0xFF, 0xFF, 0xFF]) }
        // A marker goes before each group but the first one.
        #expect(marker.count == 4)
        damage(&bytes, marker[1] + 20)
        return bytes
    }

    @Test func damagedGroupsArePassedOverWhenTolerated() throws {
        var table = FileTable.rcfile(RCFileTests.columns)
        table.settings["hive.io.rcfile.record.interval"] = "10"
        let damages: [(inout [UInt8], Int) -> Void] = [
            { $0[$1] ^= 0x40 }, { $0[$1 + 7] ^= 1 }, { $0[$1 + 12] = 11 }, { $0[$1 + 14] ^= 0x05 },
            { $0[$1 - 10] ^= 1 },
        ]
        for (index, damage) in damages.enumerated() {
            var wanted = table
            wanted.settings["hive.io.rcfile.tolerate.corruptions"] = "true"
            let bytes = try RCFileTests.damagedFile(table, damage)
            let file = try FileTable.file(bytes)
            let error = #expect(throws: HoneyError.self, "damage \(index)") { try table.rows(file) }
            #expect(error?.code == "FILE_DAMAGED" && error?.file?.offset != nil)
            let reader = try wanted.reader(file)
            var ids: [Value] = []
            while let batch = try reader.next() { ids += (0..<batch.count).map { batch.columns[0].value(at: $0) } }
            #expect(ids == (0..<50).filter { $0 / 10 != 2 }.map { .integer(Int64($0)) }, "damage \(index)")
            #expect(reader.counters.partsSkipped >= 1 && reader.counters.rowsRead == 40, "damage \(index)")
            for cut in stride(from: 0, to: file.size, by: 97) {
                let parts = try [ByteRange(start: 0, end: cut), ByteRange(start: cut, end: file.size)].flatMap {
                    try wanted.rows(file, split: $0, projection: [0])
                }
                #expect(parts.map { $0[0] } == ids, "damage \(index), cut at \(cut)")
            }
        }
    }

    @Test func aFileIsDescribed() throws {
        var table = FileTable.rcfile(RCFileTests.columns)
        table.settings["hive.io.rcfile.record.interval"] = "10"
        let rows: [[Value]] = (0..<25).map { [.integer($0), .string("bb"), .null] }
        for table in [table, table.compressed(by: "ZStandardCodec")] {
            let file = try FileTable.file(table.written(rows))
            guard case .record(let parts) = try table.format.inspect(file),
                case .list(let groups) = parts.first(where: { $0.name == "groups" })?.value,
                case .list(let columns) = parts.first(where: { $0.name == "columns" })?.value
            else {
                Issue.record("not described")
                return
            }
            #expect(parts.contains { $0.name == "rows" && $0.value == .integer(25) })
            #expect(parts.contains { $0.name == "version" && $0.value == .text("RCF1") })
            #expect(groups.count == 3 && columns.count == 3)
            guard case .record(let second) = columns[1] else { return }
            #expect(second.contains { $0.name == "bytes" && $0.value == .integer(50) })
        }
    }

    @Test func groupsWithoutRowsAreLegal() throws {
        let table = FileTable.rcfile(RCFileTests.columns)
        let rows: [[Value]] = [[.integer(1), .string("x"), .null]]
        let empty = try table.written([])
        let group: [UInt8] = [0, 0, 0, 10, 0, 0, 0, 10, 0, 0, 0, 10] + [UInt8](repeating: 0, count: 10)
        let full = Array(try table.written(rows).dropFirst(empty.count))
        #expect(try table.rows(empty + group + full + group) == rows)
    }
}
