import Synchronization

/// A session's settings (`set k=v`), over defaults; safe to use from several threads.
public final class Settings: Sendable {
    private let state: Mutex<[String: String]>
    public let defaults: [String: String]
    private let lateDefaults: LateDefaults

    /// Defaults that are found out when somebody asks for one of them by its name, since that costs time.
    public struct LateDefaults: Sendable {
        var names: Set<String>
        var values: @Sendable () -> [String: String]

        public init(_ names: Set<String> = [], values: @escaping @Sendable () -> [String: String] = { [:] }) {
            self.names = names
            self.values = values
        }
    }

    public init(defaults: [String: String] = [:], late: LateDefaults = LateDefaults()) {
        self.defaults = defaults.filter { !late.names.contains($0.key) }
        lateDefaults = late
        state = Mutex([:])
    }

    public subscript(key: String) -> String? {
        get {
            if let value = state.withLock({ $0[key] }) ?? defaults[key] { return value }
            return lateDefaults.names.contains(key) ? lateDefaults.values()[key] : nil
        }
        set { state.withLock { $0[key] = newValue } }
    }

    /// Defaults overlaid by what was set, but for late ones.
    public var all: [String: String] { defaults.merging(state.withLock { $0 }) { $1 } }

    /// Everything.
    public var allWithLate: [String: String] { lateDefaults.values().merging(all) { $1 } }

    /// Only what was set.
    public var changed: [String: String] { state.withLock { $0 } }

    public func reset() { state.withLock { $0 = [:] } }
}
