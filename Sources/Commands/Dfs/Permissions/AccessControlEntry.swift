/// One entry of an access-control list: `user:ann:rw-`, `group::r-x`, `default:other::---`.
struct AccessControlEntry: Hashable, CustomStringConvertible {
    enum Kind: String, CaseIterable {
        case user, group, mask, other
    }

    var isDefault = false
    var kind: Kind
    /// Empty for the owner, the owning group, the mask and others.
    var name = ""
    /// Bits rwx.
    var permissions: Int

    /// What it is for: two entries for the same exclude each other.
    struct Subject: Hashable {
        var isDefault: Bool
        var kind: Kind
        var name: String
    }

    var subject: Subject { Subject(isDefault: isDefault, kind: kind, name: name) }

    var description: String {
        "\(isDefault ? "default:" : "")\(kind.rawValue):\(name):\(AccessControlEntry.letters(permissions))"
    }

    static func letters(_ permissions: Int) -> String {
        String(zip([4, 2, 1], "rwx").map { permissions & $0 != 0 ? $1 : "-" })
    }

    init(isDefault: Bool = false, kind: Kind, name: String = "", permissions: Int) {
        self.isDefault = isDefault
        self.kind = kind
        self.name = name
        self.permissions = permissions
    }

    /// Reads entries that commas separate.
    static func list(_ text: String, havePermissions: Bool) throws -> [AccessControlEntry] {
        let texts = text.split(separator: ",")
        if texts.isEmpty { throw DfsUsageError("Invalid <aclSpec> : \(text)") }
        return try texts.map { try AccessControlEntry(String($0), hasPermissions: havePermissions) }
    }

    /// Reads an entry; one that is to be removed has no permissions.
    init(_ text: String, hasPermissions: Bool = true) throws {
        var parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        // Java's split drops empty parts at the end.
        while parts.last?.isEmpty == true { parts.removeLast() }
        var isDefault = false
        if parts.first?.lowercased() == "default" {
            isDefault = true
            parts.removeFirst()
        }
        guard let first = parts.first, parts.count <= 3 else { throw DfsUsageError("Invalid <aclSpec> : \(text)") }
        guard let kind = Kind(rawValue: first.lowercased()) else {
            throw DfsUsageError("Invalid type of acl in <aclSpec> :\(text)")
        }
        guard !hasPermissions || parts.count == 3 else { throw DfsUsageError("Invalid <aclSpec> : \(text)") }
        guard hasPermissions || parts.count < 3 else { throw DfsUsageError("Invalid <aclSpec> : \(text)") }
        var permissions = 0
        if hasPermissions {
            guard let read = AccessControlEntry.permissions(parts[2]) else {
                throw DfsUsageError("Invalid permission in <aclSpec> : \(text)")
            }
            permissions = read
        }
        self.init(
            isDefault: isDefault, kind: kind, name: parts.count > 1 ? parts[1] : "", permissions: permissions)
    }

    private static func permissions(_ text: String) -> Int? {
        let letters = Array(text.lowercased())
        guard letters.count == 3 else { return nil }
        var bits = 0
        for (index, letter) in "rwx".enumerated() {
            if letters[index] == letter { bits |= 4 >> index } else if letters[index] != "-" { return nil }
        }
        return bits
    }
}
