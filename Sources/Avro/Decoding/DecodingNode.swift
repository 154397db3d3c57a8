import HoneyCore

/// One step of a plan that takes a record apart: read a value into a slot, or step over it.
///
/// Plain memory without references, so that walking a plan counts none.
struct DecodingNode: BitwiseCopyable {
    enum Kind: UInt8 {
        // Values into `slot`.
        case null
        case boolean
        case tinyint
        case smallint
        case int
        case bigint
        case integerToFloat
        case integerToDouble
        /// `size` nanoseconds a unit.
        case timestamp
        case float
        case double
        case floatToDouble
        case doubleToFloat
        case bytes
        /// At most `size` code points.
        case limitedText
        /// `size` code points, spaces at the end.
        case paddedText
        /// `size` bytes.
        case fixed
        /// Bytes with their length before them, or `size` bytes; `fromScale` becomes `toScale`.
        case narrowDecimal
        case wideDecimal
        /// One of `count` symbols from `first` on.
        case enumeration
        /// Items by node `first`, none of them smaller than `size`.
        case array
        /// Values by node `first`; keys go to the slot's first part.
        case map
        /// `count` nodes from `first` on, one after another.
        case structure
        /// One of `count` nodes from `first` on.
        case union
        /// A value of a union's branch number `size`, by node `first`.
        case branch
        /// A value that the wanted type cannot have.
        case mismatch
        /// Default `first`, which takes no bytes.
        case defaultValue

        // Steps over values.
        case skipBytes
        case skipLong
        case skipCounted
        /// Items by node `first`, all of `size` bytes unless that is -1.
        case skipArray
        case skipMap
        case skipUnion
        case skipRecord
        /// Goes on at node `first`.
        case skipNamed
    }

    var kind: Kind
    /// The branch of a union of two that is null; -1 when the value is always there.
    var nullBranch: Int8 = -1
    /// Whether an integer is written as an int, and so must fit one.
    var isInt = false
    var slot: Int32 = -1
    var first: Int32 = 0
    var count: Int32 = 0
    var size = 0
    var fromScale: Int32 = 0
    var toScale: Int32 = 0
    var precision: Int32 = 0

    init(_ kind: Kind, size: Int = 0) {
        self.kind = kind
        self.size = size
    }
}

extension DecodingNode {
    /// Chooses how a value that is neither nested nor a union becomes one of a column's type; nil when it cannot directly.
    static func leaf(_ shape: AvroType.Shape, _ meaning: AvroType.Meaning?, to target: DataType) -> DecodingNode? {
        switch shape {
        case .null: return DecodingNode(.null)
        case .boolean: return target == .boolean ? DecodingNode(.boolean) : nil
        case .int, .long: return integer(shape, meaning, to: target)
        case .float: return target == .float ? DecodingNode(.float) : target == .double ? .init(.floatToDouble) : nil
        case .double: return target == .double ? DecodingNode(.double) : target == .float ? .init(.doubleToFloat) : nil
        case .bytes, .string: return bytes(shape, meaning, to: target)
        case .fixed(let size):
            if target == .binary { return DecodingNode(.fixed, size: size) }
            return decimal(meaning, to: target, size: size)
        case .enumeration: return target == .string ? DecodingNode(.enumeration) : nil
        case .array, .map, .union, .record: return nil
        }
    }

    private static func integer(
        _ shape: AvroType.Shape, _ meaning: AvroType.Meaning?, to target: DataType
    ) -> DecodingNode? {
        var isInt = false
        if case .int = shape { isInt = true }
        var node: DecodingNode
        switch target {
        case .tinyint: node = DecodingNode(.tinyint)
        case .smallint: node = DecodingNode(.smallint)
        case .int: node = DecodingNode(.int)
        case .bigint: node = DecodingNode(.bigint)
        case .float: node = DecodingNode(.integerToFloat)
        case .double: node = DecodingNode(.integerToDouble)
        case .date where isInt: node = DecodingNode(.int)
        case .timestamp where !isInt:
            // Without a logical type they are milliseconds, as Hive's own are.
            node = DecodingNode(.timestamp, size: 1_000_000)
            if case .timestamp(let unit) = meaning { node.size = unit }
        default: return nil
        }
        node.isInt = isInt
        // Dates and times become numbers of other kinds only as SQL has it.
        if meaning != nil, target == .float || target == .double { return nil }
        return node
    }

    private static func bytes(
        _ shape: AvroType.Shape, _ meaning: AvroType.Meaning?, to target: DataType
    ) -> DecodingNode? {
        if case .decimal = meaning {
            return target == .binary ? DecodingNode(.bytes) : decimal(meaning, to: target, size: -1)
        }
        switch target {
        case .string, .binary: return DecodingNode(.bytes)
        case .varchar(let length): return DecodingNode(.limitedText, size: length)
        case .char(let length): return DecodingNode(.paddedText, size: length)
        case .decimal:
            if case .bytes = shape { return decimal(nil, to: target, size: -1) }
            return nil
        default: return nil
        }
    }

    private static func decimal(_ meaning: AvroType.Meaning?, to target: DataType, size: Int) -> DecodingNode? {
        guard case .decimal(let precision, let scale) = target else { return nil }
        var node = DecodingNode(target.physical == .int64 ? .narrowDecimal : .wideDecimal, size: size)
        node.toScale = Int32(scale)
        node.fromScale = node.toScale
        if case .decimal(_, let own) = meaning { node.fromScale = Int32(own) }
        node.precision = Int32(precision)
        return node
    }
}
