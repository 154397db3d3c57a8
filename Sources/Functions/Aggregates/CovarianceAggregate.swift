import HoneyCore
import HoneyPlan

/// Count, means and second moments of pairs of numbers, updated row by row and merged pairwise.
final class CovarianceAccumulator: Accumulator {
    struct Moments: BitwiseCopyable {
        var count = 0.0
        var meanX = 0.0
        var meanY = 0.0
        var spreadX = 0.0
        var spreadY = 0.0
        var product = 0.0

        mutating func add(_ x: Double, _ y: Double) {
            count += 1
            let distanceX = x - meanX
            let distanceY = y - meanY
            meanX += distanceX / count
            meanY += distanceY / count
            if count > 1 {
                product += distanceX * (y - meanY)
                spreadX += distanceX * (x - meanX)
                spreadY += distanceY * (y - meanY)
            }
        }

        mutating func add(_ other: Moments) {
            guard other.count > 0 else { return }
            let total = count + other.count
            let distanceX = other.meanX - meanX
            let distanceY = other.meanY - meanY
            let weight = count * other.count / total
            product += other.product + distanceX * distanceY * weight
            spreadX += other.spreadX + distanceX * distanceX * weight
            spreadY += other.spreadY + distanceY * distanceY * weight
            meanX += distanceX * other.count / total
            meanY += distanceY * other.count / total
            count = total
        }
    }

    private let states = GroupStates<Moments>(Moments())
    private let result: @Sendable (Moments) -> Double?

    /// - Parameter result: makes the answer of the moments of at least one pair; nil for null.
    init(_ result: @escaping @Sendable (Moments) -> Double?) { self.result = result }

    static let partialTypes = [DataType](repeating: .double, count: 6)

    func reserve(groupCount: Int) { states.reserve(groupCount) }
    var memoryBytes: Int { states.memoryBytes }

    func update(_ arguments: [Column], rows: GroupedRows) {
        let x = arguments[0].values(as: Double.self)
        let y = arguments[1].values(as: Double.self)
        rows.forEachPair(arguments[0], arguments[1]) { group, row in
            states.base[group].add(x[arguments[0].storedIndex(row)], y[arguments[1].storedIndex(row)])
        }
    }

    func merge(_ partials: [Column], rows: GroupedRows) {
        let flat = partials.map { $0.flattened() }
        withExtendedLifetime(flat) {
            let values = flat.map { $0.values(as: Double.self) }
            rows.forEachPair(partials[0], partials[1]) { group, row in
                states.base[group].add(
                    Moments(
                        count: values[0][row], meanX: values[1][row], meanY: values[2][row], spreadX: values[3][row],
                        spreadY: values[4][row], product: values[5][row]))
            }
        }
    }

    func partials(_ groups: Range<Int>) -> [Column] {
        let parts: [KeyPath<Moments, Double>] = [\.count, \.meanX, \.meanY, \.spreadX, \.spreadY, \.product]
        return parts.map { part in
            let buffer = Buffer(capacity: groups.count * 8)
            for group in groups {
                buffer.pointer(to: Double.self)[group - groups.lowerBound] = states.base[group][keyPath: part]
            }
            return Column(type: .double, count: groups.count, data: buffer)
        }
    }

    func results(_ groups: Range<Int>) -> Column {
        let (data, mask) = ElementLoop.optional(groups.count, nil, empty: 0.0) { index -> Double? in
            let moments = states.base[groups.lowerBound + index]
            return moments.count == 0 ? nil : result(moments)
        }
        return Column(type: .double, count: groups.count, validity: mask, data: data)
    }
}

extension HiveFunctions {
    static let covariances: [any AggregateFunction] = [
        pairs("covar_pop", "Gives the covariance of a population.", "0.5") { $0.product / $0.count },
        pairs("covar_samp", "Gives the covariance of a sample.", "1.0") {
            $0.count < 2 ? nil : $0.product / ($0.count - 1)
        },
        pairs("corr", "Gives Pearson's correlation of pairs.", "1.0") {
            $0.count < 2 ? nil : $0.product / $0.spreadX.squareRoot() / $0.spreadY.squareRoot()
        },
    ]

    private static func pairs(
        _ name: String, _ summary: String, _ result: String,
        _ answer: @escaping @Sendable (CovarianceAccumulator.Moments) -> Double?
    ) -> any AggregateFunction {
        SimpleAggregate(
            name, usage: "\(name)(x, y)", summary: summary,
            example: ("select round(\(name)(x, y), 3) from (select 1 x, 2 y union all select 2, 4) t", result)
        ) { arguments in
            guard let types = arguments.types(2),
                types.allSatisfy({ $0.isNumeric || $0.isText || $0 == .void })
            else { return nil }
            return AggregateSignature(
                [.double, .double], partial: CovarianceAccumulator.partialTypes, result: .double)
        } accumulator: { _ in
            CovarianceAccumulator(answer)
        }
    }
}
