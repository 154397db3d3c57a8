extension DescribeTable {
    /// How much to tell.
    public enum Style: Hashable, Sendable { case plain, extended, formatted }
}
