import Foundation
package import HoneyCatalog
package import HoneyCore
package import HoneyFiles
import HoneyStorage
package import Testing

/// What every format must do in every variant. Tests call one function each, with a seed where there is chance in it.
package enum FormatContract {
    /// How much is tried: 1 in usual runs, more with `HONEYGUIDE_TEST_SCALE=n`.
    package static let scale = max(Int(ProcessInfo.processInfo.environment["HONEYGUIDE_TEST_SCALE"] ?? "1") ?? 1, 1)

    /// Random tables of random rows are read as they were written.
    package static func whatIsWrittenIsRead(_ variant: FormatVariant, seed: Int) throws {
        for round in 0..<scale {
            var random = RandomRows(seed: UInt64(seed) &+ UInt64(round) << 32, unions: variant.unions)
            let columns = random.columns(Int.random(in: 1...20, using: &random), nested: variant.holdsNestedValues)
            let rows = random.rows(columns, count: Int.random(in: 0...600, using: &random))
            let table = round % 2 == 0 ? variant.table(columns) : variant.smallGroups(columns)
            let found = try table.rows(table.written(rows, batchRows: 100))
            #expect(found == variant.asRead(rows, columns), "\(variant), seed \(seed), round \(round)")
        }
    }

    /// Only the selected rows of a batch are written, and constants are.
    package static func selectedRowsAreWritten(_ variant: FormatVariant) throws {
        let type: DataType = variant.holdsNestedValues ? .array(.string) : .string
        let value: Value = variant.holdsNestedValues ? .array([.string("x"), .null]) : .string("x")
        let batch = Batch(
            columns: [
                Column.of(.int, (0..<10).map { .integer(Int64($0)) }), Column.constant(value, type: type, count: 10),
            ], count: 10,
            selection: Selection(capacity: 3) {
                for (position, row) in [1, 4, 9].enumerated() { $0[position] = Int32(row) }
                return 3
            })
        let table = variant.table([TableColumn("a", .int), TableColumn("b", type)])
        #expect(try table.rows(table.written([batch])) == [1, 4, 9].map { [.integer($0), value] }, "\(variant)")
    }

    /// A file cut into splits anywhere gives each row once, in order.
    package static func splitsAtEveryByteGiveEachRowOnce(_ variant: FormatVariant) throws {
        var random = RandomRows(seed: 5)
        let columns = [TableColumn("id", .int), TableColumn("text", .string)]
        let rows: [[Value]] = (0..<36).map { id in
            [.integer(id), .string((0..<8).map { _ in String(random.next(), radix: 36) }.joined())]
        }
        let table = variant.smallGroups(columns)
        let file = try FileTable.file(table.written(rows))
        guard table.format.isSplittable(file.location) else { return }
        let ids = rows.map { [$0[0]] }
        for middle in 0...file.size {
            let first = try table.rows(file, split: ByteRange(start: 0, end: middle), projection: [0])
            let second = try table.rows(file, split: ByteRange(start: middle, end: file.size), projection: [0])
            if first + second != ids { Issue.record("\(variant), split at \(middle) of \(file.size)") }
        }
        for parts in [3, 7, 50] {
            let edges = (0...parts).map { file.size * $0 / parts }
            let all = try (0..<parts).flatMap {
                try table.rows(file, split: ByteRange(start: edges[$0], end: edges[$0 + 1]))
            }
            #expect(all == rows, "\(variant) in \(parts) parts")
        }
    }

    /// Every subset of columns, in any order, is read.
    package static func everySubsetOfColumnsIsRead(_ variant: FormatVariant) throws {
        var random = RandomRows(seed: 77, unions: variant.unions)
        let columns = random.columns(6, nested: variant.holdsNestedValues)
        let rows = random.rows(columns, count: 100)
        let table = variant.smallGroups(columns)
        let file = try FileTable.file(table.written(rows))
        let wanted = variant.asRead(rows, columns)
        for subset in 0..<64 {
            let projection = (0..<6).filter { subset >> $0 & 1 == 1 }.shuffled(using: &random)
            let expected = wanted.map { row in projection.map { row[$0] } }
            #expect(try table.rows(file, projection: projection) == expected, "\(variant), columns \(projection)")
        }
    }

    /// Filters keep their rows; later filters see only what earlier ones kept.
    package static func filtersKeepTheirRows(_ variant: FormatVariant) throws {
        let columns = [TableColumn("id", .int), TableColumn("k", .bigint), TableColumn("text", .string)]
        let rows: [[Value]] = (0..<9000).map {
            [.integer($0), .integer($0 % 10), .string("text \($0) of some length")]
        }
        let table = variant.table(columns)
        let file = try FileTable.file(table.written(rows))
        let byKey = TestFilter(1) { $0 == .integer(3) }
        let byID = TestFilter(0) { if case .integer(let id) = $0 { id >= 4000 } else { false } }
        let found = try table.rows(file, projection: [0, 1, 2], filters: [byKey, byID])
        #expect(found == rows.filter { $0[1] == .integer(3) }.suffix(500), "\(variant)")
        #expect(!variant.decodesLate || byKey.rowsSeen == 9000 && byID.rowsSeen == 900, "\(variant)")
    }

    /// Conditions for skipping may drop rows that fail them, and no other.
    package static func predicatesDropNoRowThatPasses(_ variant: FormatVariant) throws {
        let columns = [TableColumn("id", .int), TableColumn("text", .string), TableColumn("rare", .bigint)]
        let rows: [[Value]] = (0..<3000).map {
            [.integer($0), .string("text \(10_000 + $0)"), $0 % 100 == 0 ? .integer($0) : .null]
        }
        let table = variant.table(columns)
        let file = try FileTable.file(table.written(rows))
        func found(_ predicate: ColumnPredicate) throws -> Set<Value> {
            let reader = try table.reader(file, predicates: [predicate])
            var found: Set<Value> = []
            while let batch = try reader.next() {
                for row in 0..<batch.count { found.insert(batch.columns[0].value(at: row)) }
            }
            return found
        }
        func ids(_ range: some Sequence<Int>) -> Set<Value> { Set(range.map { .integer(Int64($0)) }) }
        let from = ColumnPredicate.Bound(.integer(2990), isInclusive: true)
        #expect(try found(.range(column: 0, lower: from, upper: nil)).isSuperset(of: ids(2990..<3000)), "\(variant)")
        let text = ColumnPredicate.Bound(.string("text 10005"), isInclusive: false)
        #expect(try found(.range(column: 1, lower: nil, upper: text)).isSuperset(of: ids(0..<5)), "\(variant)")
        #expect(
            try found(.oneOf(column: 1, values: [.string("text 11500"), .string("text 19999")]))
                .isSuperset(of: ids([1500])), "\(variant)")
        #expect(try found(.isNotNull(column: 2)).isSuperset(of: ids(stride(from: 0, to: 3000, by: 100))), "\(variant)")
        #expect(
            try found(.isNull(column: 2)).isSuperset(of: ids((0..<3000).filter { $0 % 100 != 0 })), "\(variant)")
    }

    /// Columns may have been added at the end since a file was written, or dropped there.
    package static func schemasMayGrowAndShrink(_ variant: FormatVariant) throws {
        let columns = [TableColumn("a", .int), TableColumn("b", .string)]
        let rows: [[Value]] = [[.integer(1), .string("x")], [.null, .null], [.integer(3), .string("")]]
        let table = variant.table(columns)
        let bytes = try table.written(rows)
        var wider = table
        wider.columns.append(TableColumn("c", .double))
        wider.columns.append(TableColumn("d", .array(.int)))
        #expect(try wider.rows(bytes) == rows.map { $0 + [.null, .null] }, "\(variant)")
        var narrower = table
        narrower.columns.removeLast()
        #expect(try narrower.rows(bytes) == rows.map { [$0[0]] }, "\(variant)")
    }

    /// Files without rows, and files without bytes, have no rows.
    package static func filesWithoutRowsOrBytesHaveNone(_ variant: FormatVariant) throws {
        let table = variant.table([TableColumn("a", .int)])
        #expect(try table.rows([]).isEmpty, "\(variant)")
        #expect(try table.rows(table.written([[Value]]())).isEmpty, "\(variant)")
    }

    /// Readers count rows and bytes, and read no more of a file than they need.
    package static func countersTellRowsAndBytes(_ variant: FormatVariant) throws {
        let columns = [TableColumn("a", .int), TableColumn("b", .string)]
        let rows: [[Value]] = (0..<3000).map { [.integer($0), .string("text \($0)")] }
        let table = variant.table(columns)
        let file = try FileTable.file(table.written(rows))
        let reader = try table.reader(file, projection: [])
        var count = 0
        while let batch = try reader.next() { count += batch.count }
        #expect(count == 3000, "\(variant)")
        #expect(reader.counters.rowsRead == 3000, "\(variant)")
        #expect(reader.counters.bytesRead > 0, "\(variant)")
    }

    /// A file is known by its first bytes, and its structure is described.
    package static func filesAreRecognizedAndDescribed(_ variant: FormatVariant) throws {
        let columns = [TableColumn("a", .int), TableColumn("b", .string)]
        let table = variant.smallGroups(columns)
        let bytes = try table.written((0..<50).map { [.integer($0), .string("text \($0)")] })
        let isText = table.format.keyword == "TEXTFILE"
        #expect(bytes.prefix(4096).withUnsafeBytes { table.format.recognizes($0) } != isText, "\(variant)")
        #expect(Array("plain text".utf8).withUnsafeBytes { !table.format.recognizes($0) }, "\(variant)")
        guard case .record(let parts) = try table.format.inspect(FileTable.file(bytes)) else {
            Issue.record("\(variant): structure is no record")
            return
        }
        #expect(parts.contains { $0.name == "format" }, "\(variant)")
        #expect(parts.count > 2 || isText, "\(variant): \(parts.map(\.name))")
    }
}
