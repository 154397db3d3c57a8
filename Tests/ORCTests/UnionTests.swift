import FormatContracts
import HoneyCatalog
import HoneyCore
import Testing

@testable import HoneyORC

/// Columns of uniontype.
struct UnionTests {
    private static let type = DataType.union([.int, .string, .array(.bigint)])

    /// Rows of every branch, of null, and of branches whose value is null.
    private static func rows(_ count: Int) -> [[Value]] {
        (0..<count).map { row in
            let id = Int64(row)
            let value: Value =
                switch row % 6 {
                case 0, 4: .union(tag: 0, .integer(id))
                case 1: .union(tag: 1, .string("text number \(row)"))
                case 2: .null
                case 3: .union(tag: 2, .array([.integer(id), .null]))
                default: .union(tag: 1, .null)
                }
            return [.integer(id), value]
        }
    }

    @Test(arguments: ["NONE", "ZLIB", "SNAPPY"]) func unionsComeBack(_ codec: String) throws {
        let columns = [TableColumn("id", .int), TableColumn("u", UnionTests.type)]
        var table = FileTable(columns, format: ORCFormat())
        table.tableParameters = ["orc.compress": codec, "orc.row.index.stride": "1000"]
        let rows = UnionTests.rows(5000)
        let file = try FileTable.file(table.written(rows))
        #expect(try table.rows(file) == rows)
        #expect(try ORCFormat().columns(of: file)?.map(\.type) == [.int, UnionTests.type])
        // Late rows are gone to by the row indexes of tags and branches.
        let late = TestFilter(0) { if case .integer(let id) = $0 { id >= 4321 } else { false } }
        #expect(try table.rows(file, filters: [late]) == Array(rows[4321...]))
    }

    @Test func aUnionIsNotReadAsAnotherType() throws {
        let table = FileTable([TableColumn("u", UnionTests.type)], format: ORCFormat())
        let bytes = try table.written([[.union(tag: 0, .integer(1))]])
        let other = FileTable([TableColumn("u", .string)], format: ORCFormat())
        let error = #expect(throws: HoneyError.self) { try other.rows(bytes) }
        #expect(error?.code == "UNSUPPORTED_FILE")
    }
}
