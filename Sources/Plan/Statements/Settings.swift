import Synchronization

/// A session's settings (`set k=v`), over defaults; safe to use from several threads.
public final class Settings: Sendable {
    private let state: Mutex<[String: String]>
    public let defaults: [String: String]

    public init(defaults: [String: String] = [:]) {
        self.defaults = defaults
        state = Mutex([:])
    }

    public subscript(key: String) -> String? {
        get { state.withLock { $0[key] } ?? defaults[key] }
        set { state.withLock { $0[key] = newValue } }
    }

    /// Everything, defaults overlaid by what was set.
    public var all: [String: String] { defaults.merging(state.withLock { $0 }) { $1 } }

    /// Only what was set.
    public var changed: [String: String] { state.withLock { $0 } }

    public func reset() { state.withLock { $0 = [:] } }
}
