import Foundation
import HoneyCore
import HoneyPlan

/// Functions of the session and of nothing in particular.
enum SessionFunctions {
    static let all: [any ScalarFunction] = [
        constant("current_database", "Gives the session's current database.", ("select current_database()", "default"))
        {
            $0.session.database
        },
        constant(
            "current_user", aliases: ["logged_in_user"], "Gives the name of the session's user.",
            ("select length(current_user()) > 0", "true")
        ) {
            $0.session.user
        },
        constant(
            "version", "Gives the version of Hive whose behaviour this is.", ("select version()", "2.3.10 (Honeyguide)")
        ) {
            _ in "2.3.10 (Honeyguide)"
        },
        SimpleFunction(
            "uuid",
            FunctionDocumentation(
                .miscellaneous, usage: "uuid()", summary: "Gives a random identifier, anew for each row.",
                example: ("select length(uuid())", "36")),
            signatures: [Signature([], .string)], isDeterministic: false
        ) { site in RowKernel.string(site) { _ in UUID().uuidString.lowercased() } },
        SimpleFunction(
            "assert_true",
            FunctionDocumentation(
                .miscellaneous, usage: "assert_true(condition)",
                summary: "Fails the query unless a condition is true; gives null.",
                example: ("select assert_true(1 < 2)", "NULL")),
            signatures: [Signature([.boolean], .void)], isDeterministic: false
        ) { site in
            RowKernel.building(site, takesNulls: true) { row, builder in
                guard !row.isNull(0), row.boolean(0) else {
                    throw HoneyError(.data, "ASSERTION_FAILED", "assert_true(): a condition is not true")
                }
                builder.appendNull()
            }
        },
        HiveHash(),
    ]

    private static func constant(
        _ name: String, aliases: [String] = [], _ summary: String, _ example: (String, String),
        _ value: @escaping @Sendable (CallSite) -> String
    ) -> SimpleFunction {
        SimpleFunction(
            name, aliases: aliases,
            FunctionDocumentation(.miscellaneous, usage: "\(name)()", summary: summary, example: example),
            signatures: [Signature([], .string)]
        ) { site in
            let text = value(site)
            return { _, count in .constant(.string(text), type: .string, count: count) }
        }
    }
}

/// `hash(a, b, …)`: the hash by which Hive chooses buckets.
struct HiveHash: ScalarFunction {
    let name = "hash"
    let documentation = FunctionDocumentation(
        .miscellaneous, usage: "hash(a, b, ...)", summary: "Gives the hash by which Hive chooses buckets.",
        example: ("select hash('honey')", "99461947"))

    func resolve(_ arguments: [Argument]) throws -> Signature {
        guard !arguments.isEmpty else { throw ArgumentErrors.count(of: name, usage: documentation.usage, 0) }
        return Signature(arguments.map(\.type), .int)
    }

    func makeKernel(for site: CallSite) throws -> Kernel {
        RowKernel.values(site, Int32.self, takesNulls: true) { row in
            row.columns.reduce(0) { hash, column in hash &* 31 &+ HiveHash.hash(column, row.row) }
        }
    }

    /// Hashes as ObjectInspectorUtils does: numbers by value, texts by bytes in base 31.
    static func hash(_ column: Column, _ index: Int) -> Int32 {
        guard !column.isNull(at: index) else { return 0 }
        let row = column.storedIndex(index)
        func folded(_ bits: UInt64) -> Int32 { Int32(truncatingIfNeeded: bits ^ bits >> 32) }
        switch column.type {
        case .void: return 0
        case .boolean: return column.values(as: UInt8.self)[row] != 0 ? 1 : 0
        case .tinyint: return Int32(column.values(as: Int8.self)[row])
        case .smallint: return Int32(column.values(as: Int16.self)[row])
        case .int, .date, .intervalYearMonth: return column.values(as: Int32.self)[row]
        case .bigint: return folded(UInt64(bitPattern: column.values(as: Int64.self)[row]))
        case .float: return Int32(bitPattern: column.values(as: Float.self)[row].bitPattern)
        case .double: return folded(column.values(as: Double.self)[row].bitPattern)
        case .string, .varchar, .char, .binary:
            return column.bytes(at: index).reduce(0) { $0 &* 31 &+ Int32(Int8(bitPattern: $1)) }
        case .decimal(_, let scale): return decimalHash(column, row, scale: scale)
        case .timestamp, .intervalDayTime: return momentHash(column.values(as: Int128.self)[row])
        case .array:
            return column.values(as: ListEntry.self)[row].range.reduce(0) { $0 &* 31 &+ hash(column.children[0], $1) }
        case .map:
            return column.values(as: ListEntry.self)[row].range.reduce(0) {
                $0 &+ (hash(column.children[0], $1) ^ hash(column.children[1], $1))
            }
        case .structure: return column.children.reduce(0) { $0 &* 31 &+ hash($1, row) }
        case .union: return hash(column.children[1 + column.children[0].unionTag(at: row)], row)
        }
    }

    /// Java's hash of the BigDecimal without trailing zeros: 31 times the hash of its magnitude's words, plus the scale.
    private static func decimalHash(_ column: Column, _ row: Int, scale: Int) -> Int32 {
        var value =
            column.physical == .int64 ? Int128(column.values(as: Int64.self)[row]) : column.values(as: Int128.self)[row]
        var scale = scale
        while scale > 0, value % 10 == 0 {
            value /= 10
            scale -= 1
        }
        if value == 0 { return 0 }
        var magnitude = value.magnitude
        var words: [UInt32] = []
        while magnitude != 0 {
            words.append(UInt32(truncatingIfNeeded: magnitude))
            magnitude >>= 32
        }
        let hash = words.reversed().reduce(Int32(0)) { $0 &* 31 &+ Int32(bitPattern: $1) }
        return (value < 0 ? 0 &- hash : hash) &* 31 &+ Int32(scale)
    }

    /// TimestampWritable's hash: seconds shifted beside the nanoseconds, folded.
    private static func momentHash(_ moment: Int128) -> Int32 {
        var (seconds, nanoseconds) = moment.quotientAndRemainder(dividingBy: CivilDate.nanosecondsPerSecond)
        if nanoseconds < 0 {
            seconds -= 1
            nanoseconds += CivilDate.nanosecondsPerSecond
        }
        let bits =
            UInt64(bitPattern: Int64(truncatingIfNeeded: seconds)) << 30 | UInt64(truncatingIfNeeded: nanoseconds)
        return Int32(truncatingIfNeeded: bits ^ bits >> 32)
    }
}
