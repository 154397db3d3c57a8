import HoneyHDFSMessages
import SwiftProtobuf

/// One entry of an access-control list.
package struct AccessControlEntry: Hashable, Sendable {
    package var isDefault: Bool
    package var kind: Kind
    /// The user or group; empty for the owner, the owning group, mask and other.
    package var name: String
    /// Read 4, write 2, execute 1.
    package var access: UInt8

    package enum Kind: UInt8, Sendable {
        case user, group, mask, other
    }

    package init(isDefault: Bool = false, _ kind: Kind, name: String = "", access: UInt8) {
        self.isDefault = isDefault
        self.kind = kind
        self.name = name
        self.access = access
    }

    init(_ message: WireAclEntry) {
        self.init(
            isDefault: message.scope == .default, Kind(rawValue: UInt8(message.type.rawValue)) ?? .other,
            name: message.name, access: UInt8(message.permissions.rawValue & 7))
    }

    var message: WireAclEntry {
        .with {
            $0.type = .init(rawValue: Int(kind.rawValue))!
            $0.scope = isDefault ? .default : .access
            $0.permissions = .init(rawValue: Int(access))!
            if !name.isEmpty { $0.name = name }
        }
    }

    /// Whose entry it is, whatever it allows.
    var subject: AccessControlEntry {
        var copy = self
        copy.access = 0
        return copy
    }

    /// Owner, users, owning group, groups, mask, other; the defaults after all others.
    var rank: (Int, Int, Int, String) { (isDefault ? 1 : 0, Int(kind.rawValue), name.isEmpty ? 0 : 1, name) }
}

/// A whole list, as it is worked on: with the entries that an inode keeps in its mode.
struct AccessControlList {
    private(set) var entries: [AccessControlEntry]

    static let greatestCount = 32

    /// Puts together what an inode has: its mode and its kept entries.
    init(mode: Int, kept: [AccessControlEntry]) {
        var access = kept.filter { !$0.isDefault }
        let group = UInt8(mode >> 3 & 7)
        if access.isEmpty {
            access.append(AccessControlEntry(.group, access: group))
        } else {
            access.append(AccessControlEntry(.mask, access: group))
        }
        access.append(AccessControlEntry(.user, access: UInt8(mode >> 6 & 7)))
        access.append(AccessControlEntry(.other, access: UInt8(mode & 7)))
        entries = access + kept.filter(\.isDefault)
        sort()
    }

    private mutating func sort() { entries.sort { $0.rank < $1.rank } }

    /// The mode and the entries that an inode keeps beside it.
    func split(mode: Int) -> (mode: Int, kept: [AccessControlEntry]) {
        let access = entries.filter { !$0.isDefault }
        let isMinimal = access.count <= 3
        let middle = isMinimal ? AccessControlEntry.Kind.group : .mask
        let bits = [AccessControlEntry.Kind.user, middle, .other].map { kind in
            Int(access.first { $0.kind == kind && $0.name.isEmpty }?.access ?? 0)
        }
        let kept = isMinimal ? [] : access.filter { !$0.name.isEmpty || $0.kind == .group }
        return (mode & 0o1000 | bits[0] << 6 | bits[1] << 3 | bits[2], kept + entries.filter(\.isDefault))
    }

    mutating func modify(_ changes: [AccessControlEntry]) throws(RemoteException) {
        for change in changes {
            entries.removeAll { $0.subject == change.subject }
            entries.append(change)
        }
        try complete(changed: changes)
    }

    mutating func remove(_ removed: [AccessControlEntry]) throws(RemoteException) {
        let subjects = Set(removed.map(\.subject))
        entries.removeAll { subjects.contains($0.subject) }
        try complete(changed: removed)
    }

    mutating func removeDefaults() { entries.removeAll(where: \.isDefault) }

    mutating func removeAll() {
        // The owning group's entry becomes the mode's middle again.
        entries.removeAll { $0.isDefault || !$0.name.isEmpty || $0.kind == .mask }
    }

    /// Replaces the scopes for which there are entries.
    mutating func replace(with spec: [AccessControlEntry]) throws(RemoteException) {
        for isDefault in [false, true] where spec.contains(where: { $0.isDefault == isDefault }) {
            entries.removeAll { $0.isDefault == isDefault }
        }
        entries += spec
        try complete(changed: spec)
    }

    /// Adds the entries a list must have and computes the masks nobody gave; fails when it cannot be a list.
    private mutating func complete(changed: [AccessControlEntry]) throws(RemoteException) {
        guard Set(entries.map(\.subject)).count == entries.count else {
            throw invalid("multiple entries with same scope, type and name.")
        }
        for entry in entries where !entry.name.isEmpty && (entry.kind == .mask || entry.kind == .other) {
            throw invalid("this entry type must not have a name: \(entry.kind).")
        }
        for isDefault in [false, true] {
            if isDefault, entries.contains(where: \.isDefault) {
                for kind in [AccessControlEntry.Kind.user, .group, .other] where entry(kind, isDefault: true) == nil {
                    entries.append(
                        AccessControlEntry(isDefault: true, kind, access: entry(kind, isDefault: false)?.access ?? 0))
                }
            }
            let scope = entries.filter { $0.isDefault == isDefault }
            let changedMask = changed.first { $0.isDefault == isDefault && $0.kind == .mask }
            let needsMask = scope.contains { !$0.name.isEmpty }
            let hasMask = scope.contains { $0.kind == .mask }
            guard needsMask || hasMask else { continue }
            if changedMask != nil, hasMask { continue }
            if hasMask, !changed.contains(where: { $0.isDefault == isDefault }) { continue }
            entries.removeAll { $0.isDefault == isDefault && $0.kind == .mask }
            guard needsMask else { continue }
            let union = scope.filter { $0.kind == .group || ($0.kind == .user && !$0.name.isEmpty) }
                .reduce(UInt8(0)) { $0 | $1.access }
            entries.append(AccessControlEntry(isDefault: isDefault, .mask, access: union))
        }
        for kind in [AccessControlEntry.Kind.user, .group, .other] where entry(kind, isDefault: false) == nil {
            throw invalid("the user, group and other entries are required.")
        }
        for isDefault in [false, true] where entries.count(where: { $0.isDefault == isDefault }) > Self.greatestCount {
            throw invalid("ACL has \(entries.count) entries, which exceeds maximum of \(Self.greatestCount).")
        }
        sort()
    }

    private func entry(_ kind: AccessControlEntry.Kind, isDefault: Bool) -> AccessControlEntry? {
        entries.first { $0.kind == kind && $0.isDefault == isDefault && $0.name.isEmpty }
    }

    private func invalid(_ reason: String) -> RemoteException {
        RemoteException("org.apache.hadoop.hdfs.protocol.AclException", "Invalid ACL: " + reason)
    }

    /// What a new inode gets from its directory's default entries: its mode and kept entries; nil when there are none.
    ///
    /// `mode` is the one the client asked for, without its umask.
    static func inherited(
        from parent: DirectoryInode, mode: Int, isDirectory: Bool
    ) -> (mode: Int, kept: [AccessControlEntry])? {
        let defaults = parent.accessControl.filter(\.isDefault)
        guard !defaults.isEmpty else { return nil }
        let hasMask = defaults.contains { $0.kind == .mask }
        let access = defaults.map { entry in
            var entry = entry
            entry.isDefault = false
            guard entry.name.isEmpty else { return entry }
            switch entry.kind {
            case .user: entry.access &= UInt8(mode >> 6 & 7)
            case .group: if !hasMask { entry.access &= UInt8(mode >> 3 & 7) }
            case .mask: entry.access &= UInt8(mode >> 3 & 7)
            case .other: entry.access &= UInt8(mode & 7)
            }
            return entry
        }
        var list = AccessControlList(mode: 0, kept: [])
        list.entries = access + (isDirectory ? defaults : [])
        list.sort()
        return list.split(mode: mode)
    }
}
