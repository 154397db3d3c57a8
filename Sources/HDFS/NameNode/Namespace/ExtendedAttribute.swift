import Foundation
import HoneyHDFSMessages
import SwiftProtobuf

/// A named value that somebody keeps with a file or directory.
package struct ExtendedAttribute: Hashable, Sendable {
    package var space: UInt8
    package var name: String
    package var value: [UInt8]

    /// `dfs.namenode.fs-limits.max-xattrs-per-inode`
    static let greatestCount = 32
    /// `dfs.namenode.fs-limits.max-xattr-size`: bytes of name and value.
    static let greatestBytes = 16384

    package init(space: UInt8, name: String, value: [UInt8]) {
        self.space = space
        self.name = name
        self.value = value
    }

    init(_ message: WireXAttr) {
        self.init(space: UInt8(message.namespace.rawValue), name: message.name, value: Array(message.value))
    }

    var message: WireXAttr {
        .with {
            $0.namespace = namespace
            $0.name = name
            $0.value = .init(value)
        }
    }

    var namespace: WireXAttr.XAttrNamespace { .init(rawValue: Int(space)) ?? .user }

    /// Such as `user.origin`.
    var fullName: String { "\(namespace)".lowercased() + "." + name }

    func isSame(as other: ExtendedAttribute) -> Bool { space == other.space && name == other.name }

    /// Tells whether a caller may see and change it: anybody his `user.`, superusers `trusted.` and `raw.`, nobody else's.
    func isVisible(to caller: Caller) -> Bool {
        switch namespace {
        case .user: true
        case .trusted: caller.isSuperuser
        case .raw: false
        default: false
        }
    }
}
