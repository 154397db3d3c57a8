import HoneyCatalog
import HoneyCore
import HoneyFiles
import HoneyStorage
import Testing

/// Damaged containers must give an error with a place, or rows; never a crash, a hang or memory without bound.
struct DamageTests {
    static let columns = [
        ("a", "int"), ("b", "string"), ("c", "decimal(10,2)"), ("d", "timestamp"), ("e", "array<string>"),
        ("f", "struct<x:bigint,y:double>"), ("g", "map<string,int>"), ("h", "char(4)"),
    ].map { TableColumn($0.0, DataType(name: $0.1)!) }

    static func files() throws -> [(name: String, table: FileTable, rows: [[Value]], bytes: [UInt8])] {
        var random = RandomRows(seed: 11)
        let rows = random.rows(columns, count: 4)
        let tables = ContainerTests.tables(columns) + ContainerTests.textTables(columns)
        // Damage to the codecs' own bytes is tried where they are tested; one of them is enough here.
        return try tables.filter { !$0.name.contains("gzip") && $0.name != "rcfile text deflate" }.map { name, table in
            let bytes = try table.written(rows)
            return (name, table, try table.rows(bytes), bytes)
        }
    }

    /// Reads all rows, or nil where that gives an error, which must tell its place in the file.
    static func read(_ bytes: [UInt8], _ table: FileTable, _ comment: String) throws -> [[Value]]? {
        do {
            let reader = try table.reader(FileTable.file(bytes))
            var rows: [[Value]] = []
            // A wrong count of rows is no reason to go on for ever.
            while let batch = try reader.next(), rows.count < 100_000 {
                for row in 0..<batch.count { rows.append(batch.columns.map { $0.value(at: row) }) }
            }
            return rows
        } catch let error as HoneyError {
            #expect(error.file != nil, "\(comment): \(error)")
            #expect(["FILE_DAMAGED", "UNSUPPORTED_FILE", "UNKNOWN_CODEC"].contains(error.code), "\(comment): \(error)")
            return nil
        }
    }

    @Test func filesCutAnywhereGiveAnErrorOrTheirFirstRows() throws {
        for (name, table, rows, bytes) in try DamageTests.files() {
            for end in 0..<bytes.count {
                let found = try DamageTests.read(Array(bytes[..<end]), table, "\(name) cut at \(end)")
                if let found { #expect(found == Array(rows.prefix(found.count)), "\(name) cut at \(end)") }
            }
        }
    }

    @Test(arguments: [0x01, 0x80] as [UInt8])
    func flippedBytesGiveAnErrorOrRows(_ bits: UInt8) throws {
        for (name, table, _, bytes) in try DamageTests.files() {
            for index in bytes.indices {
                var wrong = bytes
                wrong[index] ^= bits
                _ = try DamageTests.read(wrong, table, "\(name), byte \(index) flipped by \(bits)")
            }
        }
    }

    @Test(arguments: 1...4)
    func bytesWrittenOverGiveAnErrorOrRows(seed: Int) throws {
        var random = RandomRows(seed: UInt64(seed))
        for (name, table, _, bytes) in try DamageTests.files() {
            for round in 0..<60 {
                var wrong = bytes
                for _ in 0..<Int.random(in: 1...8, using: &random) {
                    let extremes: [UInt8] = [
                        0, 1, 0x7F, 0x80, 0x88, 0x8F, 0xFF, UInt8(truncatingIfNeeded: random.next()),
                    ]
                    wrong[Int.random(in: 0..<bytes.count, using: &random)] = extremes.randomElement(using: &random)!
                }
                _ = try DamageTests.read(wrong, table, "\(name), seed \(seed), round \(round)")
            }
        }
    }

    @Test func otherFormatsAreRefusedByName() throws {
        let rcfile = FileTable.rcfile(DamageTests.columns)
        let sequenceFile = FileTable.sequenceFile(DamageTests.columns, serde: FileTable.lazyBinarySerDe)
        let text = Array("plain text, and more of it\n".utf8)
        for (table, bytes, message) in [
            (rcfile, text, "not an RCFile"), (sequenceFile, text, "not a SequenceFile"),
            (rcfile, try sequenceFile.written([]), "not an RCFile but a SequenceFile"),
            (sequenceFile, try rcfile.written([]), "not a SequenceFile"),
        ] {
            let error = #expect(throws: HoneyError.self) { try table.rows(bytes) }
            #expect(error?.code == "FILE_DAMAGED")
            #expect(error?.message.hasPrefix(message) == true, "\(error?.description ?? "")")
            #expect(error?.file == FilePosition("memory:/part-00000", offset: 0))
        }
    }

    @Test func absurdLengthsAreRefusedBeforeMemoryIsTaken() throws {
        let table = FileTable.sequenceFile([TableColumn("a", .int)], serde: FileTable.lazyBinarySerDe)
        // A record of two gigabytes in a file of a few hundred bytes.
        let bytes = try table.written([]) + [0x7F, 0xFF, 0xFF, 0xF0, 0, 0, 0, 4] + [UInt8](repeating: 0, count: 100)
        let error = #expect(throws: HoneyError.self) { try table.rows(bytes) }
        #expect(error?.message == "record is cut short")
        #expect(error?.file?.offset == bytes.count - 108)
    }

    @Test func serdesOfAnotherKindAreRefused() throws {
        let columns = [TableColumn("a", .int)]
        let row = FileTable.rcfile(columns, serde: FileTable.lazyBinarySerDe)
        let column = FileTable.sequenceFile(columns, serde: FileTable.lazyBinaryColumnarSerDe)
        for table in [row, column] {
            let error = #expect(throws: HoneyError.self) { try table.written([[.integer(1)]]) }
            #expect(error?.code == "UNSUPPORTED_SERDE")
        }
    }

    @Test func anEmptyBinaryValueInAColumnIsRefusedAsHiveDoes() throws {
        let table = FileTable.rcfile([TableColumn("a", .binary)])
        let error = #expect(throws: HoneyError.self) { try table.written([[.binary([])]]) }
        #expect(error?.code == "EMPTY_BINARY")
    }
}
