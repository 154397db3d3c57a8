import HoneyCore
import HoneyFunctions
import HoneyPlan

/// A typed literal for tests.
struct Literal {
    let type: DataType
    let value: Value

    static func int(_ value: Int64) -> Literal { Literal(type: .int, value: .integer(value)) }
    static func bigint(_ value: Int64) -> Literal { Literal(type: .bigint, value: .integer(value)) }
    static func string(_ value: String) -> Literal { Literal(type: .string, value: .string(value)) }
    static func double(_ value: Double) -> Literal { Literal(type: .double, value: .real(value)) }
    static func boolean(_ value: Bool) -> Literal { Literal(type: .boolean, value: .boolean(value)) }
    static func null(_ type: DataType = .void) -> Literal { Literal(type: type, value: .null) }

    /// A decimal as it is written, such as `-1.50`.
    static func decimal(_ text: String, _ precision: Int, _ scale: Int) -> Literal {
        let unscaled = Array(text.utf8).withUnsafeBufferPointer {
            DecimalText.parse($0, precision: precision, scale: scale)
        }
        return Literal(
            type: .decimal(precision: precision, scale: scale), value: unscaled.map { .decimal($0) } ?? .null)
    }

    static func date(_ text: String) -> Literal {
        let days = Array(text.utf8).withUnsafeBufferPointer { DateText.parse($0) }
        return Literal(type: .date, value: days.map { .date($0) } ?? .null)
    }

    static func timestamp(_ text: String) -> Literal {
        let time = Array(text.utf8).withUnsafeBufferPointer { TimestampText.parse($0) }
        return Literal(type: .timestamp, value: time.map { .timestamp($0) } ?? .null)
    }
}

/// Calls functions as a query would: types resolved, arguments cast, kernel made and run.
enum FunctionCall {
    static let session = SessionValues(
        nowNanoseconds: 1_600_000_000_000_000_000, timeZone: "UTC", user: "tester", database: "default")

    /// Evaluates over columns of equal length; `constants` are the arguments known as literals.
    static func evaluate(
        _ name: String, _ columns: [Column], constants: [Int: Value] = [:], count: Int
    ) throws -> Column {
        guard let function = HiveFunctions.catalog.scalar(name) else {
            throw HoneyError(.semantic, "FUNCTION_NOT_FOUND", "no such function: \(name)")
        }
        let arguments = columns.enumerated().map { Argument(type: $1.type, constant: constants[$0]) }
        let signature = try function.resolve(arguments)
        let converted = try zip(columns, signature.arguments).map { try cast($0, to: $1, count: count) }
        let sites = signature.arguments.indices.map { index in
            Argument(
                type: signature.arguments[index],
                constant: constants[index] == nil ? nil : converted[index].value(at: 0))
        }
        let site = CallSite(arguments: sites, result: signature.result, session: session)
        return try function.makeKernel(for: site)(converted, count)
    }

    /// Evaluates over literals and gives the one result.
    static func value(_ name: String, _ literals: Literal...) throws -> Value {
        try column(name, literals).value(at: 0)
    }

    /// Evaluates over literals and gives the result as the command line prints it.
    static func text(_ name: String, _ literals: Literal...) throws -> String {
        var sink = ByteSink()
        ValueText.append(try column(name, literals), row: 0, to: &sink)
        return sink.string
    }

    /// The types a call of literals has.
    static func type(_ name: String, _ literals: Literal...) throws -> DataType { try column(name, literals).type }

    private static func column(_ name: String, _ literals: [Literal]) throws -> Column {
        let columns = literals.map { Column.constant($0.value, type: $0.type, count: 1) }
        let constants = Dictionary(uniqueKeysWithValues: literals.enumerated().map { ($0, $1.value) })
        return try evaluate(name, columns, constants: constants, count: 1)
    }

    static func cast(_ column: Column, to type: DataType, count: Int) throws -> Column {
        if column.type == type { return column }
        guard let function = HiveFunctions.catalog.scalar("cast") else {
            throw HoneyError(.semantic, "FUNCTION_NOT_FOUND", "no such function: cast")
        }
        let site = CallSite(arguments: [Argument(type: column.type)], result: type, session: session)
        return try function.makeKernel(for: site)([column], count)
    }

    /// Casts one literal and prints the result.
    static func castText(_ literal: Literal, to type: DataType) throws -> String {
        var sink = ByteSink()
        let column = Column.constant(literal.value, type: literal.type, count: 1)
        ValueText.append(try cast(column, to: type, count: 1), row: 0, to: &sink)
        return sink.string
    }
}
