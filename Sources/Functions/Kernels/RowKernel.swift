import HoneyCore
import HoneyPlan

/// One row of a call's arguments, as a row-at-a-time kernel sees it.
struct ArgumentRow {
    let columns: [Column]
    fileprivate(set) var row = 0

    var count: Int { columns.count }

    func isNull(_ index: Int) -> Bool { columns[index].isNull(at: row) }

    /// The bytes of a string or binary argument.
    func bytes(_ index: Int) -> UnsafeBufferPointer<UInt8> { columns[index].bytes(at: row) }

    func string(_ index: Int) -> String { String(decoding: bytes(index), as: UTF8.self) }

    /// The stored value of a fixed-width argument.
    func value<T: BitwiseCopyable>(_ index: Int, as type: T.Type) -> T {
        let column = columns[index]
        return column.values(as: type)[column.storedIndex(row)]
    }

    func int(_ index: Int) -> Int { Int(value(index, as: Int32.self)) }
    func bigint(_ index: Int) -> Int64 { value(index, as: Int64.self) }
    func double(_ index: Int) -> Double { value(index, as: Double.self) }
    func boolean(_ index: Int) -> Bool { value(index, as: UInt8.self) != 0 }
    /// Days of a date argument.
    func days(_ index: Int) -> Int { Int(value(index, as: Int32.self)) }
    /// Nanoseconds of a timestamp argument.
    func timestamp(_ index: Int) -> Int128 { value(index, as: Int128.self) }

    /// The rows of a child column that an array or map argument holds.
    func list(_ index: Int) -> Range<Int> { value(index, as: ListEntry.self).range }
}

/// Makes kernels from closures over one row: for functions whose work on a row outweighs the call.
enum RowKernel {
    /// A kernel whose result has the fixed-width type `T`; `body` gives nil for null.
    ///
    /// - Parameter takesNulls: call `body` for rows with null arguments too, instead of giving null.
    static func values<T: BitwiseCopyable>(
        _ site: CallSite, _: T.Type, takesNulls: Bool = false, _ body: @escaping (ArgumentRow) throws -> T?
    ) -> Kernel {
        let type = site.result
        return { columns, count in
            try rows(columns, count: count, type: type, takesNulls: takesNulls) { row, builder in
                if let value = try body(row) { builder.append(value) } else { builder.appendNull() }
            }
        }
    }

    static func boolean(
        _ site: CallSite, takesNulls: Bool = false, _ body: @escaping (ArgumentRow) throws -> Bool?
    ) -> Kernel {
        values(site, UInt8.self, takesNulls: takesNulls) { row in try body(row).map { $0 ? 1 : 0 } }
    }

    /// A kernel whose result is a string or binary: `body` appends it to the sink, and gives false for null.
    static func bytes(
        _ site: CallSite, takesNulls: Bool = false, _ body: @escaping (ArgumentRow, inout ByteSink) throws -> Bool
    ) -> Kernel {
        let type = site.result
        var sink = ByteSink()
        return { columns, count in
            try rows(columns, count: count, type: type, takesNulls: takesNulls) { row, builder in
                sink.removeAll()
                if try body(row, &sink) { sink.withBytes { builder.append(bytes: $0) } } else { builder.appendNull() }
            }
        }
    }

    /// A kernel whose result is a string made with String's own methods; nil is null.
    static func string(
        _ site: CallSite, takesNulls: Bool = false, _ body: @escaping (ArgumentRow) throws -> String?
    ) -> Kernel {
        bytes(site, takesNulls: takesNulls) { row, sink in
            guard let text = try body(row) else { return false }
            sink.append(text)
            return true
        }
    }

    /// A kernel that appends each row's result to a builder of the result type.
    static func building(
        _ site: CallSite, takesNulls: Bool = false, _ body: @escaping (ArgumentRow, ColumnBuilder) throws -> Void
    ) -> Kernel {
        let type = site.result
        return { columns, count in
            try rows(columns, count: count, type: type, takesNulls: takesNulls, body)
        }
    }

    private static func rows(
        _ columns: [Column], count: Int, type: DataType, takesNulls: Bool,
        _ body: (ArgumentRow, ColumnBuilder) throws -> Void
    ) throws -> Column {
        // Equal arguments give one result for all rows.
        let isConstant = !columns.isEmpty && columns.allSatisfy(\.isConstant)
        let rowCount = isConstant ? min(count, 1) : count
        let builder = ColumnBuilder(type, capacity: max(rowCount, 1))
        let nullable = takesNulls ? [] : columns.filter(\.mayHaveNulls)
        var row = ArgumentRow(columns: columns)
        for index in 0..<rowCount {
            row.row = index
            if nullable.contains(where: { $0.isNull(at: index) }) {
                builder.appendNull()
            } else {
                try body(row, builder)
            }
        }
        if isConstant && count == 0 { return builder.finish() }
        return builder.finish(isConstant: isConstant, count: count)
    }
}
