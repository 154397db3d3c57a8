/// What a file-system check asks of the name space.
package protocol CheckedNamespace {
    /// Tells all under a path, the path itself first, directories before what is in them; false when there is no such path.
    func visit(_ path: String, _ body: (CheckedEntry) -> Void) -> Bool
}

/// A directory or file under check.
package enum CheckedEntry {
    case directory(path: String)
    case symbolicLink(path: String)
    case file(CheckedFile)

    package var path: String {
        switch self {
        case .directory(let path), .symbolicLink(let path): path
        case .file(let file): file.path
        }
    }
}

package struct CheckedFile {
    package var path: String
    package var replication: Int
    package var blocks: [BlockInfo]
    package var isOpen: Bool

    package init(path: String, replication: Int, blocks: [BlockInfo], isOpen: Bool) {
        self.path = path
        self.replication = replication
        self.blocks = blocks
        self.isOpen = isOpen
    }
}
