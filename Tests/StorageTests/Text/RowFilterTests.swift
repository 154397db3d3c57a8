import HoneyCatalog
import HoneyCore
import HoneyStorage
import Testing

struct RowFilterTests {
    static let table = TextTable(
        [TableColumn("a", .int), TableColumn("b", .string), TableColumn("c", .array(.int)), TableColumn("d", .date)],
        ["field.delim": ",", "collection.delim": ";"])
    static let text = (0..<5000).map { "\($0),value number \($0),\($0);\($0 + 1),1970-01-0\($0 % 9 + 1)" }
        .joined(separator: "\n")

    @Test func laterColumnsAreDecodedForPassingRows() throws {
        let file = try TextTable.file(Array(Self.text.utf8))
        let all = try Self.table.rows(file)
        let odd = ValueFilter([0]) { if case .integer(let a) = $0[0] { a % 2 == 1 } else { false } }
        let early = ValueFilter([3, 0]) { $0[0] == .date(3) && $0[1] != .integer(3) }
        let expected = all.filter { row in
            if case .integer(let a) = row[0] { a % 2 == 1 && a % 9 == 3 && a != 3 } else { false }
        }
        #expect(try Self.table.rows(file, filters: [odd, early]) == expected)
        #expect(try Self.table.rows(file, filters: [early, odd]) == expected)
        #expect(!expected.isEmpty)
    }

    @Test func filtersThatPassAllOrNothing() throws {
        let file = try TextTable.file(Array(Self.text.utf8))
        let all = try Self.table.rows(file)
        #expect(try Self.table.rows(file, filters: [ValueFilter([1]) { _ in true }]) == all)
        #expect(try Self.table.rows(file, filters: [ValueFilter([1]) { _ in false }]).isEmpty)
    }

    @Test func projectionsMayRepeatAndReorder() throws {
        let file = try TextTable.file(Array("1,x,2,1970-01-01".utf8))
        #expect(
            try Self.table.rows(file, projection: [3, 0, 0]) == [[.date(0), .integer(1), .integer(1)]])
    }
}
