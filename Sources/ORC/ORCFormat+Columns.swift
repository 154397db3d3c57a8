public import HoneyCatalog
import HoneyCore
public import HoneyFiles
import HoneyStorage

extension ORCFormat {
    /// The columns that a file's own types make; fails with `UNSUPPORTED_FILE` for types that no column has.
    public func columns(of file: any ReadableFile) throws -> [TableColumn]? {
        guard file.size > 0 else { return nil }
        return try placingErrors(in: file.location.description, at: file.size) {
            let tail = try FileTail(of: file)
            try tail.checkSupported()
            return try tail.rowColumns.map { name, node in
                guard let type = node.dataType else {
                    throw HoneyError(
                        .data, "UNSUPPORTED_FILE",
                        "no column has the type of this one of an ORC file: \(name) \(node.description)")
                }
                return TableColumn(name.lowercased(), type)
            }
        }
    }
}
