import HoneyCore
import HoneyPlan

extension Expression {
    /// The expression with another type; a cast only where it is needed, a literal of the type where nothing is lost.
    func converted(to target: DataType) -> Expression {
        if type == target { return self }
        if case .literal(let value, let type) = self, let exact = value.exactly(from: type, to: target) {
            return .literal(exact, target)
        }
        return .cast(self, to: target)
    }
}

extension Value {
    /// The same number (or null) in another type; nil where it does not fit or is something else.
    fileprivate func exactly(from type: DataType, to target: DataType) -> Value? {
        switch (self, target) {
        case (.null, _): .null
        case (.integer(let value), .tinyint): Int8(exactly: value).map { _ in self }
        case (.integer(let value), .smallint): Int16(exactly: value).map { _ in self }
        case (.integer(let value), .int): Int32(exactly: value).map { _ in self }
        case (.integer, .bigint): self
        case (.integer(let value), .double): Double(exactly: value).map { .real($0) }
        case (.integer(let value), .decimal(let precision, let scale)):
            Value.scaled(Int128(value), by: scale, precision: precision)
        case (.decimal(let unscaled), .decimal(let precision, let scale)):
            if case .decimal(_, let own) = type, own <= scale {
                Value.scaled(unscaled, by: scale - own, precision: precision)
            } else {
                nil
            }
        default: nil
        }
    }

    private static func scaled(_ unscaled: Int128, by digits: Int, precision: Int) -> Value? {
        let (value, overflow) = unscaled.multipliedReportingOverflow(by: DecimalMath.powerOfTen(digits))
        return !overflow && DecimalMath.fits(value, precision: precision) ? .decimal(value) : nil
    }
}

extension BindingSession {
    /// Tells whether a written cast means something: whether the function that evaluates casts takes it on.
    func canCast(_ type: DataType, to target: DataType) -> Bool {
        if type == target || type == .void { return true }
        guard let cast = context.functions.scalar("cast") else { return false }
        let site = CallSite(arguments: [Argument(type: type)], result: target, session: context.session)
        return (try? cast.makeKernel(for: site)) != nil
    }
}
