package import HoneyCore
package import HoneyWorld

/// Which NameNodes the authority of a location means.
package struct NameServices: Sendable {
    /// Name services by name.
    package var byName: [String: [NetworkAddress]]
    /// The authority of locations without one: that of `fs.defaultFS`.
    package var defaultAuthority: String

    /// Hadoop's port of a NameNode's RPC where none is written.
    package static let defaultPort = 8020

    package init(_ byName: [String: [NetworkAddress]] = [:], defaultAuthority: String = "") {
        self.byName = byName
        self.defaultAuthority = defaultAuthority
    }

    /// Reads `dfs.nameservices`, `dfs.ha.namenodes.…`, `dfs.namenode.rpc-address.…` and `fs.defaultFS`.
    package init(properties: [String: String]) throws(HoneyError) {
        self.init()
        for service in Self.list(properties["dfs.nameservices"]) {
            let nodes = Self.list(properties["dfs.ha.namenodes.\(service)"])
            let suffixes = nodes.isEmpty ? [service] : nodes.map { "\(service).\($0)" }
            byName[service] = try suffixes.map { (suffix) throws(HoneyError) in
                let name = "dfs.namenode.rpc-address.\(suffix)"
                guard let text = properties[name], let address = Self.address(text) else {
                    throw HoneyError(
                        .environment, "INVALID_SETTING",
                        "setting must be host:port: \(name) = \(properties[name] ?? "")")
                }
                return address
            }
        }
        let prefix = "hdfs://"
        if let text = properties["fs.defaultFS"], text.hasPrefix(prefix) {
            defaultAuthority = String(text.dropFirst(prefix.count).prefix { $0 != "/" })
        }
    }

    private static func list(_ text: String?) -> [String] {
        (text ?? "").split { $0 == "," || $0.isWhitespace }.map(String.init)
    }

    private static func address(_ text: String) -> NetworkAddress? {
        var host = Substring(text)
        var port = defaultPort
        if let colon = text.lastIndex(of: ":"), text.last != "]" {
            guard let number = Int(text[text.index(after: colon)...]), 1...65_535 ~= number else { return nil }
            host = text[..<colon]
            port = number
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        return host.isEmpty ? nil : .tcp(host: String(host), port: port)
    }

    /// Finds the NameNodes of an authority: a name service's, else the host and port that it says. Fails with `INVALID_PATH`.
    package func nameNodes(of authority: String) throws(HoneyError) -> [NetworkAddress] {
        let authority = authority.isEmpty ? defaultAuthority : authority
        if let known = byName[authority] { return known }
        // A user before the host is allowed in locations, and means nothing with simple authentication.
        let host = authority.split(separator: "@").last.map(String.init) ?? ""
        guard let address = Self.address(host) else {
            throw HoneyError(
                .environment, "INVALID_PATH",
                authority.isEmpty
                    ? "location names no host, and fs.defaultFS none either" : "no such host and port: \(authority)")
        }
        return [address]
    }
}
