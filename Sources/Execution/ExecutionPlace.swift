import Glibc

/// A host on which instances of fragments run, by all names that file systems may call it.
public struct ExecutionPlace: Hashable, Sendable {
    public var hosts: Set<String>

    public init(hosts: Set<String>) { self.hosts = hosts }

    /// This machine: its names and the addresses of its interfaces.
    public static let here = ExecutionPlace(hosts: addresses.union(names).union(["localhost", "127.0.0.1", "::1"]))

    private static var names: Set<String> {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return [] }
        let text = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return [text, String(text.prefix { $0 != "." })]
    }

    private static var addresses: Set<String> {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&first) == 0 else { return [] }
        defer { freeifaddrs(first) }
        var addresses: Set<String> = []
        var next = first
        while let interface = next?.pointee {
            next = interface.ifa_next
            guard let address = interface.ifa_addr else { continue }
            let bytes: Int
            switch Int32(address.pointee.sa_family) {
            case AF_INET: bytes = MemoryLayout<sockaddr_in>.size
            case AF_INET6: bytes = MemoryLayout<sockaddr_in6>.size
            default: continue
            }
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let length = socklen_t(text.count)
            guard getnameinfo(address, socklen_t(bytes), &text, length, nil, 0, NI_NUMERICHOST) == 0 else { continue }
            addresses.insert(String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
        }
        return addresses
    }
}
