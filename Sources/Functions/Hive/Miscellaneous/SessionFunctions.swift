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
        HiveHash(.java), HiveHash(.murmur),
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

/// `hash(a, b, …)`, `murmur_hash(a, b, …)`: the hashes by which Hive chooses buckets.
struct HiveHash: ScalarFunction {
    let name: String
    let documentation: FunctionDocumentation
    private let version: BucketHash.Version

    init(_ version: BucketHash.Version) {
        self.version = version
        switch version {
        case .java:
            name = "hash"
            documentation = FunctionDocumentation(
                .miscellaneous, usage: "hash(a, b, ...)", summary: "Gives the hash by which Hive chooses buckets.",
                example: ("select hash('honey')", "99461947"))
        case .murmur:
            name = "murmur_hash"
            documentation = FunctionDocumentation(
                .miscellaneous, usage: "murmur_hash(a, b, ...)",
                summary: "Gives the hash by which Hive chooses buckets of tables with bucketing_version 2.",
                example: ("select murmur_hash('honey')", "288108174"))
        }
    }

    func resolve(_ arguments: [Argument]) throws -> Signature {
        guard !arguments.isEmpty else { throw ArgumentErrors.count(of: name, usage: documentation.usage, 0) }
        return Signature(arguments.map(\.type), .int)
    }

    func makeKernel(for site: CallSite) throws -> Kernel {
        RowKernel.values(site, Int32.self, takesNulls: true) { [version] row in
            row.columns.reduce(0) { hash, column in
                hash &* 31 &+ BucketHash.hash(column, row: row.row, version: version)
            }
        }
    }
}
