/// A partition to add.
public struct NewPartition: Hashable, Sendable {
    public var values: [PartitionValue]
    /// nil: below the table's directory.
    public var location: String?

    public init(values: [PartitionValue], location: String? = nil) {
        self.values = values
        self.location = location
    }
}
