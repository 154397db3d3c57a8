import Glibc
import HoneyCore
import HoneyWorld
import Synchronization

/// The sockets of a home's daemons: files of the home that stay the same whichever process serves them.
///
/// Messages of HDFS name daemons by host and port; those of a home are names only, and lead to these sockets:
///
/// | address | socket |
/// |---|---|
/// | 127.0.0.1:8020 | `namenode` |
/// | 127.0.0.1:9866 + 10 n | `data<n + 1>` |
/// | 127.0.0.1:9867 + 10 n | `data<n + 1>.rpc` |
final class SocketDirectory: Sendable {
    static let host = "127.0.0.1"
    static let nameNode = NetworkAddress.tcp(host: host, port: 8020)

    static func transfer(_ node: Int) -> NetworkAddress { .tcp(host: host, port: 9866 + 10 * node) }
    static func rpc(_ node: Int) -> NetworkAddress { .tcp(host: host, port: 9867 + 10 * node) }

    private let path: String
    private let nodes: Int
    /// Whether this process's NameNode is not ready for clients yet.
    private let isStarting = Mutex(false)
    /// The directory, open, for when its path is too long for a socket's.
    private let descriptor: Int32
    private static let greatestPathBytes = 107

    /// Makes the directory, which none but its owner may enter.
    init(path: String, nodes: Int) throws {
        self.path = path
        self.nodes = nodes
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw HoneyError.system("make directory", path) }
        descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw HoneyError.system("open", path) }
    }

    deinit { close(descriptor) }

    /// Where clients find an address of the home's daemons; others are where they say.
    func place(of address: NetworkAddress) -> NetworkAddress {
        if address == Self.nameNode { return socket("namenode") }
        for node in 0..<nodes {
            if address == Self.transfer(node) { return socket("data\(node + 1)") }
            if address == Self.rpc(node) { return socket("data\(node + 1).rpc") }
        }
        return address
    }

    /// Where this process's daemons find an address: their NameNode at another socket than clients, until it is ready for those.
    func placeForDaemons(of address: NetworkAddress) -> NetworkAddress {
        address == Self.nameNode && isStarting.withLock { $0 } ? startingNameNode : place(of: address)
    }

    /// Where the NameNode listens while its DataNodes report to it.
    var startingNameNode: NetworkAddress { socket("namenode.starting") }

    func beginStarting() { isStarting.withLock { $0 = true } }

    /// Lets clients come: until now they found nobody at the NameNode's socket, and tried again.
    func open() throws {
        try isStarting.withLock { isStarting in
            guard rename(localPath("namenode.starting"), localPath("namenode")) == 0 else {
                throw HoneyError.system("rename", path + "/namenode.starting")
            }
            isStarting = false
        }
    }

    /// Takes the NameNode's sockets away, so that clients do not find one that ends.
    func remove() {
        isStarting.withLock { $0 = false }
        unlink(localPath("namenode"))
        unlink(localPath("namenode.starting"))
    }

    /// Connects to the NameNode of whoever serves; nil when nobody does.
    func connect() -> Int32? {
        let socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { return nil }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(localPath("namenode").utf8)
        guard bytes.count <= Self.greatestPathBytes else { return nil }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        if result == 0 { return socket }
        close(socket)
        return nil
    }

    private func socket(_ name: String) -> NetworkAddress { .local(path: localPath(name)) }

    /// A path that fits into a socket's address: through the open directory if need be.
    private func localPath(_ name: String) -> String {
        let whole = path + "/" + name
        return whole.utf8.count <= Self.greatestPathBytes ? whole : "/proc/self/fd/\(descriptor)/\(name)"
    }
}
