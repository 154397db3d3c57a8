extension AlterDatabase {
    /// What to change.
    public enum Change: Hashable, Sendable {
        /// `set dbproperties (…)`
        case setProperties([String: String])
        /// `set owner user|role|group …`
        case setOwner(name: String, type: String)
        /// `set location '…'`: where new tables go.
        case setLocation(String)
    }
}
