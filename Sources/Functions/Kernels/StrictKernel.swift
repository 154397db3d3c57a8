import HoneyCore
import HoneyPlan

/// Wraps kernels of functions that give null whenever an argument is null.
enum StrictKernel {
    /// Computes `count` rows of columns that may be constant but hold no constant null; `validity` is their nulls combined.
    typealias Body = (_ arguments: [Column], _ count: Int, _ validity: Bitmap?) throws -> Column

    /// Makes a kernel that answers constant nulls itself and computes constants only once.
    static func make(_ result: DataType, _ body: @escaping Body) -> Kernel {
        { arguments, count in
            if arguments.contains(where: \.isConstantNull) { return .null(result, count: count) }
            if !arguments.isEmpty, arguments.allSatisfy(\.isConstant) {
                return try body(arguments.map { $0.asSingleRow() }, 1, nil).asConstant(count: count)
            }
            return try body(arguments, count, commonValidity(of: arguments, count: count))
        }
    }

    /// ANDs the validity of columns that are not constant.
    static func commonValidity(of columns: [Column], count: Int) -> Bitmap? {
        var validity: Bitmap?
        for column in columns where !column.isConstant {
            validity = Bitmap.intersection(validity, column.validity, count: count)
        }
        return validity
    }
}

extension Column {
    /// Tells whether every row is null because the column is one constant null.
    var isConstantNull: Bool { type == .void || (isConstant && isNull(at: 0)) }

    /// The one row of a constant as a column of its own.
    func asSingleRow() -> Column {
        Column(type: type, count: 1, validity: validity, data: data, owners: owners, children: children)
    }

    /// The first row standing for `count` rows.
    func asConstant(count: Int) -> Column {
        Column(
            type: type, count: count, isConstant: true, validity: validity, data: data, owners: owners,
            children: children)
    }

    /// Makes a column of nothing but nulls.
    static func null(_ type: DataType, count: Int) -> Column { .constant(.null, type: type, count: count) }

    /// The same rows with another null mask.
    func withValidity(_ validity: Bitmap?) -> Column {
        Column(
            type: type, count: count, isConstant: isConstant, validity: validity, data: data, owners: owners,
            children: children)
    }
}
