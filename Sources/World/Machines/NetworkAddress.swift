/// Where a daemon listens.
package enum NetworkAddress: Hashable, Sendable, CustomStringConvertible {
    case tcp(host: String, port: Int)
    /// A Unix-domain socket of this machine, by its path.
    case local(path: String)

    package var description: String {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .local(let path): path
        }
    }
}
