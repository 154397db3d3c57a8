import HoneyCore
import HoneyPlan

/// `greatest` and `least`: null when an argument is null.
struct Extreme: ScalarFunction {
    static let all: [any ScalarFunction] = [
        Extreme(
            name: "greatest", isGreatest: true,
            documentation: FunctionDocumentation(
                .comparison, usage: "greatest(a, b, ...)",
                summary: "Gives the largest of several values; null when one is null.",
                example: ("select greatest(3, 9, 4)", "9"))),
        Extreme(
            name: "least", isGreatest: false,
            documentation: FunctionDocumentation(
                .comparison, usage: "least(a, b, ...)",
                summary: "Gives the smallest of several values; null when one is null.",
                example: ("select least(3, 9, 4)", "3"))),
    ]

    let name: String
    let isGreatest: Bool
    let documentation: FunctionDocumentation

    func resolve(_ arguments: [Argument]) throws -> Signature {
        guard arguments.count >= 2 else {
            throw ArgumentErrors.count(of: name, usage: documentation.usage, arguments.count)
        }
        var type = arguments[0].type
        for argument in arguments.dropFirst() {
            guard let common = DataType.common(type, argument.type), !common.isComplex else {
                throw ArgumentErrors.types(of: name, usage: documentation.usage, arguments.map(\.type))
            }
            type = common
        }
        return Signature(Array(repeating: type, count: arguments.count), type)
    }

    func makeKernel(for site: CallSite) throws -> Kernel {
        let isGreatest = isGreatest
        return RowKernel.building(site) { row, builder in
            var best = 0
            for index in 1..<row.count {
                let order = ValueOrder.compare(row.columns[index], row.row, row.columns[best], row.row)
                if isGreatest ? order > 0 : order < 0 { best = index }
            }
            builder.append(row.columns[best].value(at: row.row))
        }
    }
}

/// Orders single values of one type.
enum ValueOrder {
    /// Negative, zero or positive; neither value is null.
    static func compare(_ a: Column, _ i: Int, _ b: Column, _ j: Int) -> Int {
        let (i, j) = (a.storedIndex(i), b.storedIndex(j))
        func order<T: Comparable & BitwiseCopyable>(_: T.Type) -> Int {
            let (x, y) = (a.values(as: T.self)[i], b.values(as: T.self)[j])
            return x < y ? -1 : x == y ? 0 : 1
        }
        switch a.physical {
        case .bool: return order(UInt8.self)
        case .int8: return order(Int8.self)
        case .int16: return order(Int16.self)
        case .int32: return order(Int32.self)
        case .int64: return order(Int64.self)
        case .int128: return order(Int128.self)
        case .float: return compareReals(Double(a.values(as: Float.self)[i]), Double(b.values(as: Float.self)[j]))
        case .double: return compareReals(a.values(as: Double.self)[i], b.values(as: Double.self)[j])
        case .bytes: return BytesView.compare(a.values(as: BytesView.self)[i], b.values(as: BytesView.self)[j])
        case .list: return compareLists(a, i, b, j)
        case .structure:
            for (x, y) in zip(a.children, b.children) {
                let order = compareNullable(x, i, y, j)
                if order != 0 { return order }
            }
            return 0
        }
    }

    /// As `compare`, with null before everything.
    static func compareNullable(_ a: Column, _ i: Int, _ b: Column, _ j: Int) -> Int {
        switch (a.isNull(at: i), b.isNull(at: j)) {
        case (true, true): 0
        case (true, false): -1
        case (false, true): 1
        case (false, false): compare(a, i, b, j)
        }
    }

    /// NaN is after every number, as in Java's order.
    private static func compareReals(_ x: Double, _ y: Double) -> Int {
        if x < y { return -1 }
        if x == y { return 0 }
        if x > y { return 1 }
        return x.isNaN ? (y.isNaN ? 0 : 1) : -1
    }

    private static func compareLists(_ a: Column, _ i: Int, _ b: Column, _ j: Int) -> Int {
        let (x, y) = (a.values(as: ListEntry.self)[i].range, b.values(as: ListEntry.self)[j].range)
        for (p, q) in zip(x, y) {
            for child in a.children.indices {
                let order = compareNullable(a.children[child], p, b.children[child], q)
                if order != 0 { return order }
            }
        }
        return x.count - y.count
    }
}
