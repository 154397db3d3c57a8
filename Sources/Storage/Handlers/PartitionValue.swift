public import HoneyCore

/// Partition keys' values as columns: text of directory names, read as the keys' types.
public enum PartitionValue {
    /// Makes the constant column of a partition key; text that is no value of the type is null.
    ///
    /// The default partition's name is text like any other: a key of a text type has it as its value, as in Hive.
    public static func column(_ text: String, type: DataType, count: Int) throws -> Column {
        // No directory's name holds the null sequence.
        let cells = LazySimpleCells(try LazySimpleParameters(serde: ["serialization.null.format": "\0"]))
        let bytes = Array(text.utf8)
        let buffer = Buffer(zeroed: bytes.count + 64)
        bytes.withUnsafeBytes { source in
            if let base = source.baseAddress { buffer.base.copyMemory(from: base, byteCount: source.count) }
        }
        var start: Int32 = 0
        var length = Int32(truncatingIfNeeded: bytes.count)
        let single = try cells.decode(
            type,
            Cells(bytes: buffer.pointer(to: UInt8.self), starts: &start, lengths: &length, count: 1, owner: buffer))
        return Column(
            type: type, count: count, isConstant: true, validity: single.validity, data: single.data,
            owners: single.owners, children: single.children)
    }

    /// Reads a partition key's value.
    public static func value(_ text: String, type: DataType) throws -> Value {
        try column(text, type: type, count: 1).value(at: 0)
    }
}
