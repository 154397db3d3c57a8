package import HoneyCore

/// Turns columns of a partition's types into the table's, as Hive does when they differ.
package enum ColumnConversion {
    /// Converts a column; what has no form in the other type becomes null.
    package static func convert(_ column: Column, to type: DataType) throws -> Column {
        if column.type == type { return column }
        switch (column.type, type) {
        case (.string, .varchar), (.varchar, .string), (.string, .char), (.char, .string):
            return try throughText(column, to: type)
        case (.array, .array(let element)):
            return rebuilt(column, type, [try convert(column.children[0], to: element)])
        case (.map, .map(let key, let value)):
            return rebuilt(
                column, type, [try convert(column.children[0], to: key), try convert(column.children[1], to: value)])
        case (.structure, .structure(let fields)):
            let count = column.storedCount
            let children = try fields.enumerated().map { index, field in
                index < column.children.count
                    ? try convert(column.children[index], to: field.type)
                    : Column.constant(.null, type: field.type, count: count).flattened()
            }
            return rebuilt(column, type, children)
        case (.union(let branches), .union(let targets)) where branches.count == targets.count:
            let members = try zip(column.children.dropFirst(), targets).map { try convert($0, to: $1) }
            return rebuilt(column, type, [column.children[0]] + members)
        case (let from, _) where from.isComplex || type.isComplex:
            throw HoneyError(
                .data, "UNSUPPORTED_CONVERSION", "partition column cannot become the table's type: \(from) to \(type)")
        default:
            return try texts(column, to: type) ?? flags(column, to: type) ?? moments(column, to: type)
                ?? numbers(column, to: type) ?? days(column, to: type) ?? throughText(column, to: type)
        }
    }

    static func rebuilt(_ column: Column, _ type: DataType, _ children: [Column]) -> Column {
        Column(
            type: type, count: column.count, isConstant: column.isConstant, validity: column.validity,
            data: column.data, owners: column.owners, children: children)
    }

    // MARK: Numbers

    /// Converts among integers and reals as Java does: integers wrap, reals saturate.
    private static func numbers(_ column: Column, to type: DataType) -> Column? {
        switch column.type {
        case .tinyint: integers(column, Int8.self, to: type)
        case .smallint: integers(column, Int16.self, to: type)
        case .int: integers(column, Int32.self, to: type)
        case .bigint: integers(column, Int64.self, to: type)
        case .float: reals(column, Float.self, to: type)
        case .double: reals(column, Double.self, to: type)
        default: nil
        }
    }

    private static func integers<S: FixedWidthInteger & BitwiseCopyable>(
        _ column: Column, _: S.Type, to type: DataType
    ) -> Column? {
        switch type {
        case .tinyint: mapped(column, type) { (value: S) in Int8(truncatingIfNeeded: value) }
        case .smallint: mapped(column, type) { (value: S) in Int16(truncatingIfNeeded: value) }
        case .int: mapped(column, type) { (value: S) in Int32(truncatingIfNeeded: value) }
        case .bigint: mapped(column, type) { (value: S) in Int64(truncatingIfNeeded: value) }
        case .float: mapped(column, type) { (value: S) in Float(value) }
        case .double: mapped(column, type) { (value: S) in Double(value) }
        default: nil
        }
    }

    private static func reals<S: BinaryFloatingPoint & BitwiseCopyable>(
        _ column: Column, _: S.Type, to type: DataType
    ) -> Column? {
        // Narrow integers are taken from the int that the real becomes first.
        switch type {
        case .tinyint: mapped(column, type) { (value: S) in Int8(truncatingIfNeeded: saturated(value, Int32.self)) }
        case .smallint: mapped(column, type) { (value: S) in Int16(truncatingIfNeeded: saturated(value, Int32.self)) }
        case .int: mapped(column, type) { (value: S) in saturated(value, Int32.self) }
        case .bigint: mapped(column, type) { (value: S) in saturated(value, Int64.self) }
        case .float: mapped(column, type) { (value: S) in Float(value) }
        case .double: mapped(column, type) { (value: S) in Double(value) }
        default: nil
        }
    }

    private static func saturated<S: BinaryFloatingPoint, T: FixedWidthInteger>(_ value: S, _: T.Type) -> T {
        if value.isNaN { return 0 }
        if value >= S(T.max) { return .max }
        return value <= S(T.min) ? .min : T(value)
    }

    // MARK: Days

    private static let dayNanoseconds: Int128 = 86_400_000_000_000

    private static func days(_ column: Column, to type: DataType) -> Column? {
        switch (column.type, type) {
        case (.date, .timestamp):
            mapped(column, type) { (value: Int32) in Int128(value) * dayNanoseconds }
        case (.timestamp, .date):
            mapped(column, type) { (value: Int128) in
                let days = value / dayNanoseconds
                return Int32(truncatingIfNeeded: value % dayNanoseconds < 0 ? days - 1 : days)
            }
        default: nil
        }
    }

    static func mapped<S: BitwiseCopyable, T: BitwiseCopyable>(
        _ column: Column, _ type: DataType, _ transform: (S) -> T
    ) -> Column {
        let data = Buffer(capacity: column.storedCount * MemoryLayout<T>.stride)
        let source = column.values(as: S.self)
        let target = data.pointer(to: T.self)
        for row in 0..<column.storedCount where !column.isNull(at: row) { target[row] = transform(source[row]) }
        return Column(
            type: type, count: column.count, isConstant: column.isConstant, validity: column.validity, data: data)
    }
}
