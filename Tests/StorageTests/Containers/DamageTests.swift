import FormatContracts
import HoneyCatalog
import HoneyCore
import HoneyFiles
import HoneyStorage
import Testing

/// What is wrong with a file is told.
struct DamageTests {
    @Test func otherFormatsAreRefusedByName() throws {
        let rcfile = FileTable.rcfile(FormatContract.damagedColumns)
        let sequenceFile = FileTable.sequenceFile(FormatContract.damagedColumns, serde: FileTable.lazyBinarySerDe)
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
