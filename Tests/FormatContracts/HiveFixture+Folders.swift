package import Foundation
package import HoneyCatalog
package import HoneyCore
package import Testing

extension HiveFixture {
    /// The paths of a table's files below its data folder.
    package static func files(of table: String) throws -> [String] {
        let data = directory.appendingPathComponent("tables/\(table)/data")
        return try FileManager.default.subpathsOfDirectory(atPath: data.path)
            .filter { $0.contains("part-0000") }.sorted()
    }

    /// Checks the count of rows, and that they are the expected ones as far as those go: of long tables only the start is kept.
    package static func checkStart(
        _ rows: [[Value]], count: Int, of columns: [TableColumn], are expected: [JSON], _ comment: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(rows.count == count, "\(comment): rows", sourceLocation: sourceLocation)
        let start = Array(rows.prefix(expected.count))
        check(start, of: columns, are: expected, comment, sourceLocation: sourceLocation)
    }

    /// Checks that rows, whose first column is a number that none shares, are the expected ones in any order.
    package static func checkUnordered(
        _ rows: [[Value]], of columns: [TableColumn], are expected: [JSON], _ comment: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        func number(_ json: JSON?) -> Int {
            guard case .number(let text) = json else { return -1 }
            return Int(text) ?? -1
        }
        func number(_ value: Value) -> Int {
            guard case .integer(let integer) = value else { return -1 }
            return Int(integer)
        }
        check(
            rows.sorted { number($0[0]) < number($1[0]) }, of: columns,
            are: expected.sorted { number($0[columns[0].name]) < number($1[columns[0].name]) }, comment,
            sourceLocation: sourceLocation)
    }
}
