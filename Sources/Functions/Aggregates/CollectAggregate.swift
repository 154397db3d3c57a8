import HoneyCore
import HoneyPlan

/// Collects the values that are not null into an array, in the order they came.
final class CollectAccumulator: Accumulator {
    private var values: GroupedValues
    private let type: DataType
    private let isSet: Bool
    /// Rows at which duplicates are thrown out next.
    private var nextCleaning = 4096

    init(_ element: DataType, isSet: Bool) {
        values = GroupedValues(element)
        type = .array(element)
        self.isSet = isSet
    }

    func reserve(groupCount: Int) { values.reserve(groupCount) }
    var memoryBytes: Int { values.memoryBytes }

    func update(_ arguments: [Column], rows: GroupedRows) {
        values.append(arguments[0], rows)
        clean()
    }

    func merge(_ partials: [Column], rows: GroupedRows) {
        values.appendElements(of: partials[0], rows)
        clean()
    }

    private func clean() {
        guard isSet, values.count >= nextCleaning else { return }
        values.removeDuplicates()
        nextCleaning = max(4096, values.count * 2)
    }

    func partials(_ groups: Range<Int>) -> [Column] { [results(groups)] }

    func results(_ groups: Range<Int>) -> Column {
        if isSet { values.removeDuplicates() }
        let (sorted, counts) = values.sorted(groups)
        return .arrays(of: sorted, counts: counts, type: type)
    }
}

extension HiveFunctions {
    static let collections: [any AggregateFunction] = [
        collect(
            "collect_list", isSet: false, "Collects the values that are not null into an array.",
            ("select collect_list(x) from (select 1 x union all select null) t", "[1]")),
        collect(
            "collect_set", isSet: true, "Collects the different values that are not null into an array.",
            ("select collect_set(x) from (select 1 x union all select 1) t", "[1]")),
    ]

    private static func collect(
        _ name: String, isSet: Bool, _ summary: String, _ example: (String, String)
    ) -> any AggregateFunction {
        SimpleAggregate(name, usage: "\(name)(a)", summary: summary, example: example) { arguments in
            guard let type = arguments.types(1)?.first else { return nil }
            return AggregateSignature(
                [type], partial: [.array(type)], result: .array(type), ignoresDuplicates: isSet)
        } accumulator: { site in
            CollectAccumulator(site.arguments[0].type, isSet: isSet)
        }
    }
}
