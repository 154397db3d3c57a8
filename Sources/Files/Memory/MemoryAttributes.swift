import HoneyCore

/// What is known of a file or directory besides its bytes and name.
struct MemoryAttributes {
    var owner = "honey"
    var group = "honey"
    var permissions: Int
    var replication = 1
    var accessedMilliseconds = MemoryContent.nowMilliseconds()
    /// Beyond the mode, in Hadoop's order.
    var accessControlEntries: [String] = []
    var extended: [String: [UInt8]] = [:]
    /// Of a directory; -1 when not limited.
    var nameQuota = -1
    var spaceQuota = -1

    init(isDirectory: Bool) { permissions = isDirectory ? 0o755 : 0o644 }

    /// Takes a whole access-control list: its base entries become the mode, the others are kept as they are.
    mutating func setAccessControlEntries(_ entries: [String]) throws {
        let split = entries.map { $0.split(separator: ":", omittingEmptySubsequences: false) }
        guard split.allSatisfy({ $0.count == 3 || $0.count == 4 && $0[0] == "default" }) else {
            throw HoneyError(.environment, "ILLEGAL_ARGUMENT", "access-control entries make no sense: \(entries)")
        }
        func bits(_ kind: String) -> Int? {
            split.first { $0.count == 3 && $0[0] == kind && $0[1].isEmpty }.map { entry in
                zip(entry[2], [4, 2, 1]).reduce(0) { $0 | ($1.0 == "-" ? 0 : $1.1) }
            }
        }
        guard let user = bits("user"), let group = bits("group"), let other = bits("other") else {
            throw HoneyError(
                .environment, "ILLEGAL_ARGUMENT",
                "invalid access-control list: the user, group and other entries are required")
        }
        let isBase = { (entry: [Substring]) in
            entry.count == 3 && entry[1].isEmpty && (entry[0] != "group" || bits("mask") == nil)
        }
        accessControlEntries = zip(entries, split).filter { !isBase($1) }.map(\.0)
        permissions = permissions & 0o1000 | user << 6 | (bits("mask") ?? group) << 3 | other
    }
}
