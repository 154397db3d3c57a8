import HoneyCore

/// One value of a record that is being written, bound to the column it comes from for the length of a batch.
struct EncodingNode: BitwiseCopyable {
    enum Kind: UInt8 {
        case null
        case boolean
        case tinyint
        case smallint
        case int
        case bigint
        case date
        /// `size` nanoseconds a unit.
        case timestamp
        case float
        case floatToDouble
        case double
        case bytes
        /// Without the spaces at the end.
        case paddedText
        /// `size` bytes.
        case fixed
        /// `size` bytes, or with their length before them when that is -1.
        case narrowDecimal
        case wideDecimal
        /// A symbol of table `first`.
        case enumeration
        /// Items, keys and values, or fields by the nodes from `first` on.
        case array
        case map
        case structure
        /// The tag by node `first`, the branches by those after it.
        case union
    }

    var kind: Kind
    /// Branches of a union of null and the value's type; -1 where there is no union.
    var nullBranch: Int8 = -1
    var valueBranch: Int8 = -1
    var first: Int32 = 0
    var count: Int32 = 0
    var size = 0
    var fromScale: Int32 = 0
    var toScale: Int32 = 0
    var precision: Int32 = 0

    // The column at hand.
    var data: UnsafeMutableRawPointer?
    var validity: UnsafeMutablePointer<UInt64>?
    /// 0 for a constant column, whose rows are all its first; else all bits.
    var rowMask = -1

    init(_ kind: Kind, size: Int = 0) {
        self.kind = kind
        self.size = size
    }
}
