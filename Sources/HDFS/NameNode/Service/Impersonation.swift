/// Who may act for whom, from which hosts: Hadoop's settings `hadoop.proxyuser.NAME.users`, `….groups` and `….hosts`.
package struct Impersonation: Sendable {
    private struct Rule {
        var users = Names()
        var groups = Names()
        var hosts = Names()
    }

    /// A list of names with commas between them; `*` is all.
    private struct Names {
        var isAll = false
        var names: Set<String> = []

        init() {}

        init(_ text: String) {
            let parts = text.split(whereSeparator: { $0 == "," || $0.isWhitespace }).map(String.init)
            isAll = parts.contains("*")
            names = Set(parts)
        }

        func contains(_ name: String) -> Bool { isAll || names.contains(name) }
    }

    private var rules: [String: Rule] = [:]

    package init() {}

    package init(properties: [String: String]) {
        let prefix = "hadoop.proxyuser."
        for (name, value) in properties where name.hasPrefix(prefix) {
            let rest = name.dropFirst(prefix.count)
            guard let dot = rest.lastIndex(of: ".") else { continue }
            let user = String(rest[..<dot])
            switch rest[rest.index(after: dot)...] {
            case "users": rules[user, default: Rule()].users = Names(value)
            case "groups": rules[user, default: Rule()].groups = Names(value)
            case "hosts": rules[user, default: Rule()].hosts = Names(value)
            default: break
            }
        }
    }

    /// Fails with Hadoop's words unless a user may act for the caller from the caller's host.
    func check(_ realUser: String, actsFor caller: Caller) throws(RemoteException) {
        guard let rule = rules[realUser],
            rule.users.contains(caller.user) || rule.groups.isAll || caller.groups.contains(where: rule.groups.contains)
        else {
            throw .authorization("User: \(realUser) is not allowed to impersonate \(caller.user)")
        }
        guard rule.hosts.isAll || rule.hosts.names.contains(where: { HostPattern($0).matches(caller.host) }) else {
            throw .authorization("Unauthorized connection for super-user: \(realUser) from IP \(caller.host)")
        }
    }
}

/// A host by its address or name, or a network such as `10.1.0.0/16`.
private struct HostPattern {
    let text: String

    init(_ text: String) { self.text = text }

    func matches(_ host: String) -> Bool {
        if text == host { return true }
        let parts = text.split(separator: "/", maxSplits: 1)
        guard parts.count == 2, let bits = Int(parts[1]), (0...32).contains(bits), let network = Self.number(parts[0]),
            let address = Self.number(host[...])
        else { return false }
        return bits == 0 || (network ^ address) >> (32 - UInt32(bits)) == 0
    }

    private static func number(_ address: Substring) -> UInt32? {
        let parts = address.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        guard parts.count == 4 else { return nil }
        return parts.reduce(UInt32?.some(0)) { sum, part in sum.flatMap { sum in part.map { sum << 8 | UInt32($0) } } }
    }
}
