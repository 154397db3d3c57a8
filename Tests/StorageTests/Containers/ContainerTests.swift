import HoneyCatalog
import HoneyCore
import HoneyFiles
import HoneyStorage
import Testing

/// What every container must do with every SerDe and codec it has.
struct ContainerTests {
    /// Containers that hold any value; those of text are tried with simpler ones.
    static func tables(_ columns: [TableColumn]) -> [(name: String, table: FileTable)] {
        let rcfile = FileTable.rcfile(columns)
        let sequenceFile = FileTable.sequenceFile(columns, serde: FileTable.lazyBinarySerDe)
        return [
            ("rcfile", rcfile), ("rcfile deflate", rcfile.compressed(by: "DefaultCodec")),
            ("rcfile gzip", rcfile.compressed(by: "GzipCodec")), ("sequencefile", sequenceFile),
            ("sequencefile records deflate", sequenceFile.compressed(by: "DefaultCodec", type: "RECORD")),
            ("sequencefile records gzip", sequenceFile.compressed(by: "GzipCodec", type: "RECORD")),
            ("sequencefile blocks deflate", sequenceFile.compressed(by: "DefaultCodec", type: "BLOCK")),
            ("sequencefile blocks gzip", sequenceFile.compressed(by: "GzipCodec", type: "BLOCK")),
        ]
    }

    static func textTables(_ columns: [TableColumn]) -> [(name: String, table: FileTable)] {
        let rcfile = FileTable.rcfile(columns, serde: FileTable.columnarSerDe)
        let sequenceFile = FileTable.sequenceFile(columns)
        return [
            ("rcfile text", rcfile), ("rcfile text deflate", rcfile.compressed(by: "DefaultCodec")),
            ("sequencefile text", sequenceFile),
            ("sequencefile text blocks", sequenceFile.compressed(by: "GzipCodec", type: "BLOCK")),
            ("sequencefile text records", sequenceFile.compressed(by: "GzipCodec", type: "RECORD")),
        ]
    }

    @Test(arguments: 1...12)
    func whatIsWrittenIsRead(seed: Int) throws {
        var random = RandomRows(seed: UInt64(seed))
        let columns = random.columns(Int.random(in: 1...20, using: &random))
        let rows = random.rows(columns, count: Int.random(in: 0...600, using: &random))
        for (name, table) in ContainerTests.tables(columns) {
            #expect(try table.rows(table.written(rows, batchRows: 100)) == rows, "\(name), seed \(seed)")
        }
    }

    @Test(arguments: 1...6)
    func textThatIsWrittenIsRead(seed: Int) throws {
        var random = RandomRows(seed: UInt64(seed))
        // Text cannot tell an empty list from null elements and the like, so it gets plain columns.
        let columns = random.columns(Int.random(in: 1...20, using: &random), nested: false)
        let rows = random.rows(columns, count: Int.random(in: 0...600, using: &random))
        for (name, table) in ContainerTests.textTables(columns) {
            #expect(try table.rows(table.written(rows, batchRows: 100)) == rows, "\(name), seed \(seed)")
        }
    }

    @Test func selectedRowsAreWritten() throws {
        let columns = [TableColumn("a", .int), TableColumn("b", .array(.string))]
        let batch = Batch(
            columns: [
                Column.of(.int, (0..<10).map { .integer(Int64($0)) }),
                Column.constant(.array([.string("x"), .null]), type: .array(.string), count: 10),
            ], count: 10,
            selection: Selection(capacity: 3) {
                for (position, row) in [1, 4, 9].enumerated() { $0[position] = Int32(row) }
                return 3
            })
        for (name, table) in ContainerTests.tables(columns) {
            let rows = try table.rows(table.written([batch]))
            #expect(rows == [1, 4, 9].map { [.integer($0), .array([.string("x"), .null])] }, "\(name)")
        }
    }

    @Test func splitsAtEveryByteGiveEachRowOnce() throws {
        var random = RandomRows(seed: 5)
        let columns = [TableColumn("id", .int), TableColumn("text", .string)]
        let rows: [[Value]] = (0..<36).map { id in
            [.integer(id), .string((0..<8).map { _ in String(random.next(), radix: 36) }.joined())]
        }
        // Neither the second codec nor the SerDe has a part in where records start.
        for (name, var table) in ContainerTests.tables(columns) where !name.contains("gzip") {
            // Small groups and blocks, so that there are several.
            table.settings["hive.io.rcfile.record.interval"] = "3"
            table.settings["io.seqfile.compress.blocksize"] = "400"
            let file = try FileTable.file(table.written(rows))
            let ids = rows.map { [$0[0]] }
            for middle in 0...file.size {
                let first = try table.rows(file, split: ByteRange(start: 0, end: middle), projection: [0])
                let second = try table.rows(file, split: ByteRange(start: middle, end: file.size), projection: [0])
                if first + second != ids { Issue.record("\(name), split at \(middle) of \(file.size)") }
            }
            for parts in [3, 7, 50] {
                let edges = (0...parts).map { file.size * $0 / parts }
                let all = try (0..<parts).flatMap {
                    try table.rows(file, split: ByteRange(start: edges[$0], end: edges[$0 + 1]))
                }
                #expect(all == rows, "\(name) in \(parts) parts")
            }
        }
    }

    @Test func markersLetLargeFilesBeSplit() throws {
        let columns = [TableColumn("id", .int), TableColumn("text", .string)]
        let rows: [[Value]] = (0..<4000).map { [.integer($0), .string(String(repeating: "x", count: 200))] }
        for (name, var table) in ContainerTests.tables(columns) {
            table.settings["hive.io.rcfile.record.buffer.size"] = "50000"
            table.settings["io.seqfile.compress.blocksize"] = "50000"
            let file = try FileTable.file(table.written(rows))
            let middle = file.size / 2
            let first = try table.rows(file, split: ByteRange(start: 0, end: middle))
            let second = try table.rows(file, split: ByteRange(start: middle, end: file.size))
            #expect(first + second == rows, "\(name)")
            #expect(first.count > 0 && second.count > 0, "\(name)")
        }
    }

    @Test func everySubsetOfColumnsIsRead() throws {
        var random = RandomRows(seed: 77)
        let columns = random.columns(6)
        let rows = random.rows(columns, count: 100)
        for (name, table) in ContainerTests.tables(columns) {
            let file = try FileTable.file(table.written(rows))
            for subset in 0..<64 {
                let projection = (0..<6).filter { subset >> $0 & 1 == 1 }.shuffled(using: &random)
                let expected = rows.map { row in projection.map { row[$0] } }
                #expect(try table.rows(file, projection: projection) == expected, "\(name), columns \(projection)")
            }
        }
    }

    @Test func filtersKeepTheirRowsAndSpareLaterColumns() throws {
        let columns = [TableColumn("id", .int), TableColumn("k", .bigint), TableColumn("text", .string)]
        let rows: [[Value]] = (0..<9000).map {
            [.integer($0), .integer($0 % 10), .string("text \($0) of some length")]
        }
        for (name, table) in ContainerTests.tables(columns) + ContainerTests.textTables(columns) {
            let file = try FileTable.file(table.written(rows))
            let byKey = TestFilter(1) { $0 == .integer(3) }
            let byID = TestFilter(0) { if case .integer(let id) = $0 { id >= 4000 } else { false } }
            let found = try table.rows(file, projection: [0, 1, 2], filters: [byKey, byID])
            #expect(
                found
                    == rows.filter { $0[1] == .integer(3) && $0[0] != .null }.filter {
                        if case .integer(let id) = $0[0] { id >= 4000 } else { false }
                    }, "\(name)")
            #expect(byKey.rowsSeen == 9000 && byID.rowsSeen == 900, "\(name)")
        }
    }

    @Test func schemasMayGrowAndShrink() throws {
        let columns = [TableColumn("a", .int), TableColumn("b", .string)]
        let rows: [[Value]] = [[.integer(1), .string("x")], [.null, .null], [.integer(3), .string("")]]
        for (name, table) in ContainerTests.tables(columns) + ContainerTests.textTables(columns) {
            let bytes = try table.written(rows)
            var wider = table
            wider.columns += [TableColumn("c", .double), TableColumn("d", .array(.int))]
            #expect(try wider.rows(bytes) == rows.map { $0 + [.null, .null] }, "\(name)")
            var narrower = table
            narrower.columns.removeLast()
            #expect(try narrower.rows(bytes) == rows.map { [$0[0]] }, "\(name)")
        }
    }

    @Test func filesWithoutRowsOrBytesHaveNone() throws {
        let columns = [TableColumn("a", .int)]
        for (name, table) in ContainerTests.tables(columns) + ContainerTests.textTables(columns) {
            #expect(try table.rows([]).isEmpty, "\(name)")
            #expect(try table.rows(table.written([])).isEmpty, "\(name)")
        }
    }

    @Test func countersTellRowsAndBytes() throws {
        let columns = [TableColumn("a", .int), TableColumn("b", .string)]
        let rows: [[Value]] = (0..<3000).map { [.integer($0), .string("text \($0)")] }
        for (name, table) in ContainerTests.tables(columns) + ContainerTests.textTables(columns) {
            let file = try FileTable.file(table.written(rows))
            let reader = try table.reader(file, projection: [])
            var count = 0
            while let batch = try reader.next() { count += batch.count }
            #expect(count == 3000, "\(name)")
            #expect(reader.counters.rowsRead == 3000, "\(name)")
            #expect(reader.counters.bytesRead > 0, "\(name)")
        }
    }
}
