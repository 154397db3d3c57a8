public import HoneyCore

/// What is known of a table's size and values, for estimates; nil where nothing is.
public struct TableStatistics: Hashable, Sendable, Codable {
    public var rowCount: Double?
    /// Bytes on disk.
    public var totalBytes: Int?
    /// By column name.
    public var columns: [String: ColumnStatistics]

    public init(rowCount: Double? = nil, totalBytes: Int? = nil, columns: [String: ColumnStatistics] = [:]) {
        self.rowCount = rowCount
        self.totalBytes = totalBytes
        self.columns = columns
    }
}

public struct ColumnStatistics: Hashable, Sendable, Codable {
    public var distinctCount: Double?
    public var nullCount: Double?
    public var minimum: Value?
    public var maximum: Value?
    /// Bytes of an average value.
    public var averageBytes: Double?

    public init(
        distinctCount: Double? = nil, nullCount: Double? = nil, minimum: Value? = nil, maximum: Value? = nil,
        averageBytes: Double? = nil
    ) {
        self.distinctCount = distinctCount
        self.nullCount = nullCount
        self.minimum = minimum
        self.maximum = maximum
        self.averageBytes = averageBytes
    }
}
