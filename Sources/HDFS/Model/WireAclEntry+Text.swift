package import HoneyHDFSMessages
import SwiftProtobuf

/// Entries of access-control lists as text, such as `user:ann:rw-` and `default:group::r-x`.
extension WireAclEntry {
    /// Reads an entry; `hasAccess` tells whether it ends with what is allowed. Fails with `IllegalArgumentException`.
    package init(text: String, hasAccess: Bool) throws(RemoteException) {
        var parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        self.init()
        scope = .access
        if parts.first == "default" {
            scope = .default
            parts.removeFirst()
        }
        guard let first = parts.first, let type = Self.types.first(where: { $0.name == first })?.type,
            hasAccess ? parts.count == 3 : (1...3).contains(parts.count)
        else { throw Self.invalid(text) }
        self.type = type
        if parts.count > 1, !parts[1].isEmpty { name = parts[1] }
        permissions = .none
        if hasAccess {
            guard let access = FsAction(symbols: parts[2]) else { throw Self.invalid(text) }
            permissions = access
        }
    }

    private static let types: [(name: String, type: AclEntryType)] = [
        ("user", .user), ("group", .group), ("mask", .mask), ("other", .other),
    ]

    private static func invalid(_ text: String) -> RemoteException {
        .illegalArgument("Invalid <aclSpec> : \(text)")
    }

    /// Writes it as commands print it.
    package var text: String {
        let kind = Self.types.first { $0.type == type }?.name ?? ""
        return (scope == .default ? "default:" : "") + kind + ":\(name):" + permissions.symbols
    }
}

extension WireAclEntry.FsAction {
    /// Reads `rwx` with `-` for what is not allowed.
    package init?(symbols: String) {
        guard symbols.utf8.count == 3 else { return nil }
        var bits = 0
        for (letter, (symbol, bit)) in zip(symbols, [("r" as Character, 4), ("w", 2), ("x", 1)]) {
            if letter == symbol { bits |= bit } else if letter != "-" { return nil }
        }
        self.init(rawValue: bits)
    }

    /// Writes it so.
    package var symbols: String {
        (rawValue & 4 != 0 ? "r" : "-") + (rawValue & 2 != 0 ? "w" : "-") + (rawValue & 1 != 0 ? "x" : "-")
    }
}
