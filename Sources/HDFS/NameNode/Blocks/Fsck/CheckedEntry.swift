/// A directory or file under check.
enum CheckedEntry {
    case directory(path: String)
    case file(CheckedFile)
}

/// A file under check.
struct CheckedFile {
    var path: String
    var replication: Int
    var blocks: [BlockInfo]
    var isOpen: Bool
}
