public import HoneyCatalog
public import HoneyFiles
import HoneyStorage

extension ParquetFormat {
    /// The columns that a file's own schema makes.
    public func columns(of file: any ReadableFile) throws -> [TableColumn]? {
        file.size > 0 ? try ParquetSchema.columns(of: file) : nil
    }
}
