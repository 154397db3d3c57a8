import FormatContracts
import HoneyCatalog
import HoneyCore
import Testing

@testable import HoneyStorage

struct SequenceFileTests {
    static let columns = [TableColumn("a", .int), TableColumn("b", .string)]
    static let rows: [[Value]] = [[.integer(1), .string("x")], [.null, .string("yz")]]

    @Test func aFileHasTheBytesOfTheFormat() throws {
        let bytes = try FileTable.sequenceFile(SequenceFileTests.columns).written(SequenceFileTests.rows)
        let classes = ["org.apache.hadoop.io.BytesWritable", "org.apache.hadoop.io.Text"]
        let header =
            Array("SEQ".utf8) + [6] + classes.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
            + [0, 0, 0, 0, 0, 0]
        #expect(Array(bytes.prefix(header.count)) == header)
        let first: [UInt8] = [0, 0, 0, 8, 0, 0, 0, 4, 0, 0, 0, 0, 3] + Array("1\u{1}x".utf8)
        let second: [UInt8] = [0, 0, 0, 10, 0, 0, 0, 4, 0, 0, 0, 0, 5] + Array("\\N\u{1}yz".utf8)
        #expect(Array(bytes.dropFirst(header.count + 16)) == first + second)
    }

    @Test func aMarkerGoesBetweenRecordsEveryHundredKilobytes() throws {
        let table = FileTable.sequenceFile(SequenceFileTests.columns)
        let rows: [[Value]] = (0..<3000).map { [.integer($0), .string(String(repeating: "x", count: 100))] }
        let bytes = try table.written(rows)
        let headerEnd = try table.written([]).count
        let marker = [0xFF, 0xFF, 0xFF, 0xFF] + bytes[headerEnd - 16..<headerEnd]
        let found = bytes.indices.filter { bytes[$0...].starts(with: marker) }
        #expect(found.count == bytes.count / 102_400)
        #expect(try table.rows(bytes) == rows)
    }

    @Test(arguments: [4, 5] as [UInt8])
    func olderVersionsAreRead(_ version: UInt8) throws {
        let table = FileTable.sequenceFile(SequenceFileTests.columns)
        for compressed in [false, true] {
            let table = compressed ? table.compressed(by: "DefaultCodec", type: "RECORD") : table
            var bytes = try table.written(SequenceFileTests.rows)
            bytes[3] = version
            let codec = "org.apache.hadoop.io.compress.DefaultCodec"
            // Neither has metadata, and version 4 no codec.
            let flags = 4 + 1 + 34 + 1 + 25 + 2
            var metadata = flags
            if compressed {
                metadata += codec.utf8.count + 1
                if version == 4 {
                    bytes.removeSubrange(flags..<metadata)
                    metadata = flags
                }
            }
            bytes.removeSubrange(metadata..<metadata + 4)
            #expect(try table.rows(bytes) == SequenceFileTests.rows, "version \(version), compressed: \(compressed)")
        }
    }

    @Test func otherVersionsAndClassesAreRefused() throws {
        let table = FileTable.sequenceFile(SequenceFileTests.columns)
        var bytes = try table.written(SequenceFileTests.rows)
        bytes[3] = 7
        #expect(throws: HoneyError.self) { try table.rows(bytes) }
        bytes[3] = 6
        // The value class's last letter.
        bytes[4 + 1 + 34 + 25] = UInt8(ascii: "u")
        let error = #expect(throws: HoneyError.self) { try table.rows(bytes) }
        #expect(error?.code == "UNSUPPORTED_FILE")
    }

    @Test func anyKeyIsSkippedAndOldTextIsRead() throws {
        let store = ByteStore()
        SequenceFileHeader(
            keyClass: "org.apache.hadoop.io.LongWritable", valueClass: "org.apache.hadoop.io.UTF8", isCompressed: false,
            isBlockCompressed: false, codecClass: nil, metadata: [("made by", "hand")], marker: .random()
        ).write(to: store)
        let record: [UInt8] = [0, 0, 0, 13, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 7, 0, 3] + Array("1\u{1}x".utf8)
        let table = FileTable.sequenceFile(SequenceFileTests.columns)
        let bytes = Array(store.bytes) + record + record
        #expect(try table.rows(bytes) == [SequenceFileTests.rows[0], SequenceFileTests.rows[0]])
        var wrong = bytes
        wrong[wrong.count - 4] = 4
        #expect(throws: HoneyError.self) { try table.rows(wrong) }
    }

    @Test func aFileIsDescribed() throws {
        let rows: [[Value]] = (0..<50).map { [.integer($0), .string("text \($0)")] }
        func parts(_ table: FileTable) throws -> [String: StructureDescription] {
            guard case .record(let parts) = try table.format.inspect(FileTable.file(table.written(rows))) else {
                return [:]
            }
            return Dictionary(uniqueKeysWithValues: parts.map { ($0.name, $0.value) })
        }
        var table = FileTable.sequenceFile(SequenceFileTests.columns)
        let plain = try parts(table)
        #expect(plain["records"] == .integer(50) && plain["sync_markers"] == .integer(0))
        #expect(plain["stored_key_bytes"] == .integer(200) && plain["compression"] == .text("NONE"))
        #expect(plain["longest_stored_value_bytes"] == .integer(11) && plain["version"] == .integer(6))
        table.settings["io.seqfile.compress.blocksize"] = "300"
        let blocks = try parts(table.compressed(by: "SnappyCodec"))
        guard case .list(let list) = blocks["block_list"], case .integer(let count) = blocks["blocks"] else {
            Issue.record("no blocks: \(blocks)")
            return
        }
        #expect(count == list.count && count > 1 && blocks["sync_markers"] == .integer(count))
        #expect(blocks["records"] == .integer(50) && blocks["compression"] == .text("BLOCK"))
        #expect(blocks["codec"] == .text("org.apache.hadoop.io.compress.SnappyCodec"))
    }

    @Test func anOldRCFileIsNoSequenceFile() throws {
        let table = FileTable.sequenceFile(SequenceFileTests.columns)
        let sequence = try table.written(SequenceFileTests.rows)
        let rcfile = Array("SEQ".utf8) + [6, 45] + Array("org.apache.hadoop.hive.ql.io.RCFile$KeyBuffer".utf8)
        for (bytes, isSequence) in [(sequence, true), (rcfile, false)] {
            bytes.withUnsafeBytes {
                #expect(table.format.recognizes($0) == isSequence)
                #expect(FileTable.rcfile([]).format.recognizes($0) != isSequence)
            }
        }
    }

    @Test func recordsLongerThanAChunkAreRead() throws {
        let table = FileTable.sequenceFile(SequenceFileTests.columns)
        let long = String(repeating: "long ", count: 500_000)
        let rows: [[Value]] = [
            [.integer(1), .string("x")], [.integer(2), .string(long)], [.integer(3), .string("y")],
        ]
        for table in [table, table.compressed(by: "GzipCodec", type: "RECORD")] {
            #expect(try table.rows(table.written(rows)) == rows)
        }
    }

    @Test func manyRecordsAcrossChunksAreRead() throws {
        let table = FileTable.sequenceFile(SequenceFileTests.columns, serde: FileTable.lazyBinarySerDe)
        let rows: [[Value]] = (0..<20_000).map {
            [.integer($0), .string("some text of row number \($0) and more of it, so that it is long")]
        }
        #expect(try table.rows(table.written(rows)) == rows)
    }
}
