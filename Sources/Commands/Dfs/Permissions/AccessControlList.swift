/// All entries of a file or directory, in Hadoop's order: those for access before the defaults; users, groups, mask, others.
struct AccessControlList {
    private(set) var all: [AccessControlEntry]

    /// Puts a list together from a mode and the entries beyond it.
    ///
    /// With entries for access, the mode's group bits are the mask, and the group's own entry is among them.
    init(permissions: Int, entries: [String]) throws {
        let entries = try entries.map { try AccessControlEntry($0) }
        let group = permissions >> 3 & 7
        all = entries.filter { !$0.isDefault }
        if all.isEmpty {
            all.append(AccessControlEntry(kind: .group, permissions: group))
        } else {
            all.append(AccessControlEntry(kind: .mask, permissions: group))
        }
        all.append(AccessControlEntry(kind: .user, permissions: permissions >> 6 & 7))
        all.append(AccessControlEntry(kind: .other, permissions: permissions & 7))
        all += entries.filter(\.isDefault)
        sort()
    }

    /// Those for access, or the defaults.
    func entries(areDefault: Bool) -> [AccessControlEntry] { all.filter { $0.isDefault == areDefault } }

    /// Adds entries, in place of those for the same.
    mutating func modify(_ entries: [AccessControlEntry]) {
        let subjects = Set(entries.map(\.subject))
        all.removeAll { subjects.contains($0.subject) }
        all += entries
        complete(keepingMaskOf: entries)
    }

    /// Removes entries; the base ones for user, group and others of access stay.
    mutating func remove(_ entries: [AccessControlEntry]) {
        let subjects = Set(entries.map(\.subject))
        all.removeAll { subjects.contains($0.subject) && !$0.isBase }
        complete(keepingMaskOf: [])
    }

    /// Puts others in place of all entries; the defaults stay when none are given.
    mutating func replace(with entries: [AccessControlEntry]) {
        let keeps = Set(entries.map(\.isDefault))
        all.removeAll { keeps.contains($0.isDefault) }
        all += entries
        complete(keepingMaskOf: entries)
    }

    mutating func removeDefaults() { all.removeAll(where: \.isDefault) }

    /// Leaves only the entries that the mode holds.
    mutating func removeExtended() { all.removeAll { !$0.isBase } }

    /// Adds base entries that defaults lack, and masks; a mask lets through what any named user or group may, unless given.
    private mutating func complete(keepingMaskOf given: [AccessControlEntry]) {
        if all.contains(where: \.isDefault) {
            for kind in [AccessControlEntry.Kind.user, .group, .other] {
                guard !all.contains(where: { $0.isDefault && $0.kind == kind && $0.name.isEmpty }),
                    var base = all.first(where: { !$0.isDefault && $0.kind == kind && $0.name.isEmpty })
                else { continue }
                base.isDefault = true
                all.append(base)
            }
        }
        for isDefault in [false, true] where !given.contains(where: { $0.kind == .mask && $0.isDefault == isDefault }) {
            let entries = entries(areDefault: isDefault)
            all.removeAll { $0.isDefault == isDefault && $0.kind == .mask }
            guard entries.contains(where: { !$0.name.isEmpty }) else { continue }
            let bits = entries.filter { !$0.name.isEmpty || $0.kind == .group }.reduce(0) { $0 | $1.permissions }
            all.append(AccessControlEntry(isDefault: isDefault, kind: .mask, permissions: bits))
        }
        sort()
    }

    private mutating func sort() {
        func key(_ entry: AccessControlEntry) -> [Int] {
            let kinds: [AccessControlEntry.Kind: Int] = [.user: 0, .group: 1, .mask: 2, .other: 3]
            return [entry.isDefault ? 1 : 0, kinds[entry.kind] ?? 0, entry.name.isEmpty ? 0 : 1]
        }
        all.sort { left, right in
            let (first, second) = (key(left), key(right))
            return first == second ? left.name < right.name : first.lexicographicallyPrecedes(second)
        }
    }
}

extension AccessControlEntry {
    /// One that the mode itself holds.
    fileprivate var isBase: Bool { !isDefault && name.isEmpty && kind != .mask }
}
