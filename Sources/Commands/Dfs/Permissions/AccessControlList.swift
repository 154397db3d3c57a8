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
        let before = all
        remove(whoseSubjectsAreOf: entries)
        all += entries
        complete(from: before, given: entries)
    }

    /// Removes entries.
    mutating func remove(_ entries: [AccessControlEntry]) {
        let before = all
        remove(whoseSubjectsAreOf: entries)
        complete(from: before, given: entries.filter { $0.kind != .mask })
    }

    private mutating func remove(whoseSubjectsAreOf entries: [AccessControlEntry]) {
        let subjects = Set(entries.map(\.subject))
        all.removeAll { subjects.contains($0.subject) }
    }

    /// Puts others in place of all entries; the defaults stay when none are given, and so do those for access.
    mutating func replace(with entries: [AccessControlEntry]) {
        let replaced = Set(entries.map(\.isDefault))
        all.removeAll { replaced.contains($0.isDefault) }
        all += entries
        complete(from: [], given: entries)
    }

    mutating func removeDefaults() { all.removeAll(where: \.isDefault) }

    /// Leaves only the entries that the mode holds.
    mutating func removeExtended() { all.removeAll { $0.isDefault || !$0.name.isEmpty || $0.kind == .mask } }

    /// Adds base entries that the defaults lack, and masks.
    ///
    /// A mask that is not given lets through what any named user or any group may, where there is a named one or was a mask
    /// before; it stays as it is where nothing else was given.
    private mutating func complete(from before: [AccessControlEntry], given: [AccessControlEntry]) {
        if all.contains(where: \.isDefault) {
            for kind in [AccessControlEntry.Kind.user, .group, .other] {
                guard !all.contains(where: { $0.isDefault && $0.kind == kind && $0.name.isEmpty }),
                    var base = all.first(where: { !$0.isDefault && $0.kind == kind && $0.name.isEmpty })
                else { continue }
                base.isDefault = true
                all.append(base)
            }
        }
        for isDefault in [false, true] {
            let changes = given.filter { $0.isDefault == isDefault }
            if changes.isEmpty || changes.contains(where: { $0.kind == .mask }) { continue }
            let entries = entries(areDefault: isDefault).filter { $0.kind != .mask }
            let hadMask = before.contains { $0.isDefault == isDefault && $0.kind == .mask }
            all.removeAll { $0.isDefault == isDefault && $0.kind == .mask }
            guard !entries.isEmpty, hadMask || entries.contains(where: { !$0.name.isEmpty }) else { continue }
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
