import HoneyCatalog
import HoneyCore
import HoneyFiles
import HoneyPlan

/// A query's rows in files of a staging area, not yet part of anything.
struct StagedWrite {
    struct File {
        var location: FileLocation
        /// `key=value/…` of the dynamic keys; empty without.
        var partition: String
        var rows: Int
        var bytes: Int
    }

    var files: [File]

    /// Runs a query and writes its rows as `target` says, whose location is in a staging area.
    init(_ query: LogicalPlan, to target: WriteTarget, in context: any FileCommandContext) throws {
        let columns = target.storage.columns + target.dynamicPartitionKeys
        let names: [(String, DataType)] = [
            ("file", .string), ("partition", .string), ("rows", .bigint), ("bytes", .bigint),
        ]
        let input = try StagedWrite.converted(query, to: columns)
        var ids = input.greatestColumnNumber
        let reported = names.map { name, type in
            ids += 1
            return ColumnReference(id: ColumnID(ids), name: name, type: type)
        }
        let execution = try context.start(.write(Write(input: input, target: target, columns: reported)))
        files = []
        let staging = try FileLocation(stored: target.storage.location)
        do {
            while let batch = try execution.next() {
                for position in 0..<batch.rowCount {
                    files.append(try StagedWrite.file(batch, batch.selection?[position] ?? position, in: staging))
                }
            }
        } catch {
            execution.cancel()
            throw error
        }
    }

    private static func file(_ batch: Batch, _ row: Int, in staging: FileLocation) throws -> File {
        guard batch.columns.count == 4, case .string(let path) = batch.columns[0].value(at: row),
            case .integer(let rows) = batch.columns[2].value(at: row),
            case .integer(let bytes) = batch.columns[3].value(at: row)
        else { throw HoneyError.unexpected("write did not report its files") }
        var partition = ""
        if case .string(let text) = batch.columns[1].value(at: row) { partition = text }
        let location = FileLocation(path) ?? staging.appending(path)
        guard location.path.hasPrefix(staging.path + "/") else {
            throw HoneyError.unexpected("write reported a file outside its staging area: \(path)")
        }
        return File(location: location, partition: partition, rows: Int(rows), bytes: Int(bytes))
    }

    /// The query with its columns cast to those of the files, by position.
    private static func converted(_ query: LogicalPlan, to columns: [TableColumn]) throws -> LogicalPlan {
        let output = query.output
        guard output.count == columns.count else {
            throw HoneyError(
                .semantic, "COLUMN_COUNT_MISMATCH",
                "query gives \(output.count) columns, but the target takes \(columns.count)")
        }
        if zip(output, columns).allSatisfy({ $0.type == $1.type }) { return query }
        var ids = query.greatestColumnNumber
        let outputs = zip(output, columns).map { source, column -> NamedExpression in
            ids += 1
            let value = Expression.column(source)
            return NamedExpression(
                id: ColumnID(ids), name: column.name, source.type == column.type ? value : .cast(value, to: column.type)
            )
        }
        return .project(Project(input: query, outputs: outputs))
    }

    /// The sizes of all files, or of those of one partition.
    func statistics(ofPartition partition: String? = nil) -> WrittenStatistics {
        let chosen = files.filter { partition == nil || $0.partition == partition }
        return WrittenStatistics(
            files: chosen.count, rows: chosen.reduce(0) { $0 + $1.rows }, bytes: chosen.reduce(0) { $0 + $1.bytes })
    }
}

extension LogicalPlan {
    /// The greatest number of a column identity in the plan and its subqueries.
    var greatestColumnNumber: Int {
        var greatest = output.map(\.id.number).max() ?? 0
        for child in children { greatest = max(greatest, child.greatestColumnNumber) }
        for expression in expressions { greatest = max(greatest, expression.greatestColumnNumber) }
        return greatest
    }
}

extension Expression {
    fileprivate var greatestColumnNumber: Int {
        var greatest = 0
        if case .column(let reference) = self { greatest = reference.id.number }
        if case .subquery(let subquery) = self { greatest = subquery.plan.greatestColumnNumber }
        for child in children { greatest = max(greatest, child.greatestColumnNumber) }
        return greatest
    }
}
