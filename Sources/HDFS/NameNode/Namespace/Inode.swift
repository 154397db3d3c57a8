// Namespace is the tree of names: directories, files, owners, modes, quotas, attributes. It is changed by `Edit`s only, whether a client
// asked for them or the log is read again, so that a restarted NameNode equals the old one. It knows neither disks nor wires;
// of blocks it knows which ones a file has and what `BlockManager` says of them.

/// A file or directory. One of a million: what few of them have is in `extras`.
package class Inode {
    /// Never used twice; the root's is `Namespace.rootID`.
    package let id: UInt64
    package internal(set) var name: FileName
    /// Kept alive by the tree; nil for the root and for what was deleted.
    package internal(set) unowned(unsafe) var parent: DirectoryInode?
    var ownership: Ownership
    /// Milliseconds since 1970-01-01 UTC.
    package internal(set) var modified: Int
    var extras: InodeExtras?

    init(id: UInt64, name: FileName, ownership: Ownership, modified: Int) {
        self.id = id
        self.name = name
        self.ownership = ownership
        self.modified = modified
    }

    package var file: FileInode? { nil }
    package var directory: DirectoryInode? { nil }

    package var mode: Int { Int(ownership.mode) }

    var accessControl: [AccessControlEntry] { extras?.accessControl ?? [] }

    /// Changes what few inodes have; the object goes when it says nothing any more.
    func change(_ body: (InodeExtras) -> Void) {
        let extras = self.extras ?? InodeExtras()
        body(extras)
        self.extras = extras.isEmpty ? nil : extras
    }

    /// The whole path, made by going up.
    package var path: String {
        guard parent != nil else { return "/" }
        var names: [String] = []
        var inode: Inode = self
        while let above = inode.parent {
            names.append(inode.name.text)
            inode = above
        }
        return names.reversed().reduce(into: "") { $0 += "/" + $1 }
    }

    /// Tells whether it is `other` or lies below it.
    func isAtOrBelow(_ other: Inode) -> Bool {
        var inode: Inode? = self
        while let here = inode {
            if here === other { return true }
            inode = here.parent
        }
        return false
    }
}

/// Owner and group as numbers of `NameTable`, and the mode with its sticky bit (01000).
struct Ownership: Hashable {
    var owner: UInt32
    var group: UInt16
    var mode: UInt16
}

/// What few inodes have.
final class InodeExtras {
    /// Entries beyond the mode, in Hadoop's order; see `AccessControlList`.
    var accessControl: [AccessControlEntry] = []
    var attributes: [ExtendedAttribute] = []
    /// 0 takes the parent's.
    var storagePolicy: UInt8 = 0
    var quota: Quota?
    var writer: Writer?

    var isEmpty: Bool {
        accessControl.isEmpty && attributes.isEmpty && storagePolicy == 0 && quota == nil && writer == nil
    }
}

/// Who writes a file that is not closed.
package struct Writer: Hashable, Sendable {
    /// The name a client gives itself, by which its lease goes.
    package var holder: String
    /// The host the client is on.
    package var machine: String
    /// Where the last block is to be cut once its replicas are made equal; nil when it is not being cut.
    package var truncation: Int?

    package init(holder: String, machine: String, truncation: Int? = nil) {
        self.holder = holder
        self.machine = machine
        self.truncation = truncation
    }
}

package final class FileInode: Inode {
    /// Milliseconds since 1970-01-01 UTC.
    package internal(set) var accessed: Int
    package internal(set) var blocks: [BlockInfo] = []
    /// Replication above 48 bits of block size.
    private var layout: UInt64

    static let largestBlockBytes = 1 << 48 - 1

    init(
        id: UInt64, name: FileName, ownership: Ownership, modified: Int, accessed: Int, replication: Int,
        blockBytes: Int
    ) {
        self.accessed = accessed
        layout = UInt64(UInt16(clamping: replication)) << 48 | UInt64(blockBytes) & 0xFFFF_FFFF_FFFF
        super.init(id: id, name: name, ownership: ownership, modified: modified)
    }

    override package var file: FileInode? { self }

    package internal(set) var replication: Int {
        get { Int(layout >> 48) }
        set { layout = layout & 0xFFFF_FFFF_FFFF | UInt64(UInt16(clamping: newValue)) << 48 }
    }

    /// Bytes a block may hold.
    package var blockBytes: Int { Int(layout & 0xFFFF_FFFF_FFFF) }

    /// Who writes it; nil when it is closed.
    package internal(set) var writer: Writer? {
        get { extras?.writer }
        set {
            guard newValue != nil || extras != nil else { return }
            change { $0.writer = newValue }
        }
    }

    package var isOpen: Bool { extras?.writer != nil }

    /// Bytes, with those of an unfinished block as far as they were told.
    package var size: Int { blocks.reduce(0) { $0.addingClamped($1.size) } }

    /// Bytes on disks that count against quotas: an unfinished last block counts whole.
    var spaceConsumed: Int {
        var bytes = size
        if isOpen, let last = blocks.last { bytes = bytes.addingClamped(max(blockBytes - last.size, 0)) }
        return bytes.multipliedClamped(by: replication)
    }
}

package final class DirectoryInode: Inode {
    var children = Children()

    override package var directory: DirectoryInode? { self }

    package var childCount: Int { children.count }
    package func child(_ name: FileName) -> Inode? { children.find(name) }
}

/// Limits of a directory and what is below it counts; -1 for no limit.
struct Quota: Hashable {
    var names: Int
    var space: Int
    /// Files and directories, itself counted.
    var usedNames = 0
    var usedSpace = 0
}
