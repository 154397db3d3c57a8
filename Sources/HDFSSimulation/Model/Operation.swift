/// Something a client does to the name space.
package enum Operation: Hashable, Sendable {
    case makeDirectory(String)
    /// Makes an empty file and closes it.
    case touch(String, overwrites: Bool, makesParents: Bool)
    /// Renames as Hadoop did first, into a directory that is there.
    case rename(String, to: String)
    /// Renames to this name, in place of what is there when it may.
    case replace(String, to: String, overwrites: Bool)
    case delete(String, isRecursive: Bool)
    case setPermission(String, Int)
    case setReplication(String, Int)
    case look(String)
    case list(String)

    /// Whether it only looks.
    var isReading: Bool {
        switch self {
        case .look, .list: true
        default: false
        }
    }
}
