import Foundation
import HoneyCore
package import HoneyWorld

/// Where the daemons of a configuration are.
extension HadoopConfiguration {
    package static let namenodePort = 8020
    package static let namenodeHTTPPort = 9870
    package static let datanodePort = 9866
    package static let datanodeRPCPort = 9867
    package static let datanodeHTTPPort = 9864

    /// The file system paths are on that have no scheme: `fs.defaultFS`.
    package var defaultFileSystem: String { self["fs.defaultFS"] ?? self["fs.default.name"] ?? "file:///" }

    /// The name service this is about: that of `fs.defaultFS`, else the only one there is.
    package var nameService: String? {
        let services = list("dfs.nameservices")
        if let host = authority, services.contains(host) { return host }
        return services.count == 1 ? services[0] : nil
    }

    private var authority: String? {
        let text = defaultFileSystem
        guard text.hasPrefix("hdfs://") else { return nil }
        let rest = text.dropFirst("hdfs://".count)
        return String(rest.prefix { $0 != "/" })
    }

    /// The ids of a highly available name service's NameNodes, such as `nn1` and `nn2`; none without one.
    package var nameNodeIDs: [String] {
        nameService.map { list("dfs.ha.namenodes." + $0) } ?? []
    }

    /// All NameNodes of the name service, by their ids where they have some.
    package func nameNodes() throws -> [(id: String?, address: NetworkAddress)] {
        guard !nameNodeIDs.isEmpty else { return [(nil, try nameNodeAddress(id: nil))] }
        return try nameNodeIDs.map { ($0, try nameNodeAddress(id: $0)) }
    }

    /// Where clients and DataNodes reach a NameNode.
    package func nameNodeAddress(id: String?) throws -> NetworkAddress {
        if let text = forNameNode("dfs.namenode.rpc-address", id: id) {
            return try Self.address(text, port: Self.namenodePort, of: "dfs.namenode.rpc-address")
        }
        guard let authority, !authority.isEmpty else {
            throw HoneyError(
                .environment, "INVALID_SETTING",
                "no NameNode is configured: neither dfs.namenode.rpc-address nor fs.defaultFS names one")
        }
        return try Self.address(authority, port: Self.namenodePort, of: "fs.defaultFS")
    }

    /// Where a NameNode's HTTP is.
    package func nameNodeHTTPAddress(id: String?) throws -> NetworkAddress {
        try Self.address(
            forNameNode("dfs.namenode.http-address", id: id) ?? "0.0.0.0:\(Self.namenodeHTTPPort)",
            port: Self.namenodeHTTPPort, of: "dfs.namenode.http-address")
    }

    /// Tells the setting for one NameNode: with name service and id at its end, with the name service, or as it is.
    package func forNameNode(_ name: String, id: String?) -> String? {
        if let service = nameService {
            if let id, let value = self["\(name).\(service).\(id)"] { return value }
            if let value = self["\(name).\(service)"] { return value }
        }
        return self[name]
    }

    /// Reads `host:port` of a setting, or takes what it is by default.
    package func address(_ name: String, default text: String, port: Int) throws -> NetworkAddress {
        try Self.address(self[name] ?? text, port: port, of: name)
    }

    /// Reads `host:port` or `host`; the host may be an IPv6 address in brackets.
    package static func address(_ text: String, port: Int, of name: String) throws -> NetworkAddress {
        let trimmed = text.trimmed
        var host = trimmed
        var number = port
        let afterBracket = trimmed.lastIndex(of: "]").map { trimmed[$0...].dropFirst() } ?? trimmed[...]
        if let colon = afterBracket.lastIndex(of: ":") {
            guard let given = Int(trimmed[trimmed.index(after: colon)...]), (0...65535).contains(given) else {
                throw HoneyError(.environment, "INVALID_SETTING", "setting must be host:port: \(name) = \(text)")
            }
            number = given
            host = String(trimmed[..<colon])
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard !host.isEmpty, !host.contains("/") else {
            throw HoneyError(.environment, "INVALID_SETTING", "setting must be host:port: \(name) = \(text)")
        }
        return .tcp(host: host, port: number)
    }

    /// Lists the parts of a value between commas.
    package func list(_ name: String) -> [String] {
        (self[name] ?? "").split(whereSeparator: { $0 == "," || $0.isNewline }).map { String($0).trimmed }
            .filter { !$0.isEmpty }
    }

    /// Lists directories of a setting, which may be `file:` URIs with a kind of storage before them, such as `[SSD]file:///data/1`.
    package func directories(_ name: String, default fallback: @autoclosure () -> String) throws -> [String] {
        var texts = list(name)
        if texts.isEmpty { texts = [fallback()] }
        return try texts.map { text in
            var path = text[...]
            if path.hasPrefix("["), let end = path.firstIndex(of: "]") { path = path[path.index(after: end)...] }
            if path.hasPrefix("file://") {
                path = path.dropFirst("file://".count)
            } else if path.hasPrefix("file:") {
                path = path.dropFirst("file:".count)
            }
            guard !path.isEmpty, !path.contains("://") else {
                throw HoneyError(.environment, "INVALID_SETTING", "setting must list directories: \(name) = \(text)")
            }
            let decoded = String(path)
            return decoded.hasPrefix("/") ? decoded : FileManager.default.currentDirectoryPath + "/" + decoded
        }
    }

    /// Where daemons keep things by default: `hadoop.tmp.dir`.
    package var workDirectory: String { self["hadoop.tmp.dir"] ?? "/tmp/hadoop-" + SystemUsers.currentName }
}
