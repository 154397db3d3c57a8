extension DataType {
    /// The type that values of both become where they meet: in CASE, COALESCE, UNION and lists. Nil when there is none.
    public static func common(_ a: DataType, _ b: DataType) -> DataType? {
        if a == b { return a }
        if a == .void { return b }
        if b == .void { return a }
        if let numeric = commonNumber(a, b) { return numeric }
        switch (a, b) {
        case (.date, .timestamp), (.timestamp, .date): return .timestamp
        default: break
        }
        if a.isComplex || b.isComplex { return commonComplex(a, b) }
        if a.isText || b.isText {
            let other = a.isText ? b : a
            return other.isText || other.isNumeric || other == .date || other == .timestamp || other.isInterval
                ? .string : nil
        }
        return nil
    }

    /// The type in which two values are compared. Nil when they cannot be.
    public static func comparison(_ a: DataType, _ b: DataType) -> DataType? {
        if a == b { return a }
        if a == .void { return b }
        if b == .void { return a }
        if let numeric = commonNumber(a, b) { return numeric }
        // Padding takes no part in comparing two chars; beside other text it is cut off.
        if a.isText && b.isText {
            if case .char(let x) = a, case .char(let y) = b { return .char(max(x, y)) }
            return .string
        }
        if a.isText || b.isText {
            let other = a.isText ? b : a
            if other.isNumeric || other == .boolean { return .double }
            if other == .date || other == .timestamp || other.isInterval { return other }
            return other == .binary ? .binary : nil
        }
        switch (a, b) {
        case (.date, .timestamp), (.timestamp, .date): return .timestamp
        case (.timestamp, _) where b.isNumeric, (_, .timestamp) where a.isNumeric: return .double
        case (.boolean, _) where b.isNumeric, (_, .boolean) where a.isNumeric: return .double
        default: return commonComplex(a, b)
        }
    }

    /// Tells whether a function that expects `target` takes this type without a written cast.
    public func isImplicitlyConvertible(to target: DataType) -> Bool {
        if self == target || self == .void { return true }
        if isNumeric && target.isNumeric { return numericRank <= target.numericRank }
        switch target {
        case .string, .varchar, .char: return !isComplex && self != .boolean && self != .binary
        case .double, .decimal: return isText
        case .date: return self == .string || self == .timestamp
        case .timestamp: return self == .string || self == .date
        case .binary: return isText
        case .array(let element):
            if case .array(let own) = self { return own.isImplicitlyConvertible(to: element) }
            return false
        case .map(let key, let value):
            if case .map(let ownKey, let ownValue) = self {
                return ownKey.isImplicitlyConvertible(to: key) && ownValue.isImplicitlyConvertible(to: value)
            }
            return false
        case .structure(let fields):
            guard case .structure(let own) = self, own.count == fields.count else { return false }
            return zip(own, fields).allSatisfy { $0.type.isImplicitlyConvertible(to: $1.type) }
        default: return false
        }
    }

    /// Tells whether Hive's CAST knows how to convert to `target`.
    public func isCastable(to target: DataType) -> Bool {
        if self == target || self == .void { return true }
        switch (self, target) {
        case (.array(let from), .array(let to)): return from.isCastable(to: to)
        case (.map(let key, let value), .map(let targetKey, let targetValue)):
            return key.isCastable(to: targetKey) && value.isCastable(to: targetValue)
        case (.structure(let fields), .structure(let targets)):
            return fields.count == targets.count && zip(fields, targets).allSatisfy { $0.type.isCastable(to: $1.type) }
        case (.union(let branches), .union(let targets)):
            return branches.count == targets.count && zip(branches, targets).allSatisfy { $0.isCastable(to: $1) }
        default: break
        }
        if target.isText { return true }
        if isComplex || target.isComplex { return false }
        switch self {
        case .string, .varchar, .char: return target != .void
        case .boolean, .tinyint, .smallint, .int, .bigint, .float, .double, .decimal:
            return target == .boolean || target.isNumeric || target == .timestamp
        case .timestamp: return target == .boolean || target.isNumeric || target == .date
        case .date: return target == .timestamp
        default: return false
        }
    }

    /// The order in which numbers widen.
    private var numericRank: Int {
        switch self {
        case .tinyint: 1
        case .smallint: 2
        case .int: 3
        case .bigint: 4
        case .decimal: 5
        case .float: 6
        default: 7
        }
    }

    /// The decimal that holds every value of an exact number.
    public var asDecimal: DataType? {
        if isDecimal { return self }
        return integerDigits.map { .decimal(precision: $0, scale: 0) }
    }

    /// The number type that holds both; nil unless both are numbers.
    public static func commonNumber(_ a: DataType, _ b: DataType) -> DataType? {
        guard a.isNumeric, b.isNumeric else { return nil }
        if a == b { return a }
        if a.isDecimal || b.isDecimal, case .decimal(let p1, let s1)? = a.asDecimal,
            case .decimal(let p2, let s2)? = b.asDecimal
        {
            // Integer digits come first: too many of them take from the scale.
            let integerDigits = max(p1 - s1, p2 - s2)
            let scale = min(max(s1, s2), maximumDecimalPrecision - min(integerDigits, maximumDecimalPrecision))
            return .decimal(precision: min(integerDigits + scale, maximumDecimalPrecision), scale: scale)
        }
        return a.numericRank > b.numericRank ? a : b
    }

    private static func commonComplex(_ a: DataType, _ b: DataType) -> DataType? {
        switch (a, b) {
        case (.array(let x), .array(let y)): return common(x, y).map { .array($0) }
        case (.map(let keyA, let valueA), .map(let keyB, let valueB)):
            guard let key = common(keyA, keyB), let value = common(valueA, valueB) else { return nil }
            return .map(key: key, value: value)
        case (.structure(let x), .structure(let y)):
            guard x.count == y.count else { return nil }
            var fields: [Field] = []
            for (left, right) in zip(x, y) {
                guard let type = common(left.type, right.type) else { return nil }
                fields.append(Field(left.name, type))
            }
            return .structure(fields)
        default: return nil
        }
    }
}
