public import HoneyCatalog
import HoneyCore
public import HoneyFiles
import HoneyStorage

/// Tells what columns a Parquet file has, as Hive types.
public enum ParquetSchema {
    /// Reads a file's columns, for tables that are to be like it; fails with `FILE_DAMAGED` on what is no Parquet.
    public static func columns(of file: any ReadableFile) throws -> [TableColumn] {
        var counters = ReadCounters()
        let footer = try Footer.read(of: file, counters: &counters)
        return try placingErrors(in: file.location.description, at: footer.start) {
            try SchemaNode.columns(of: footer.metadata.schema).map { TableColumn($0.name.lowercased(), type(of: $0)) }
        }
    }

    private static func type(of node: SchemaNode) -> DataType {
        node.repetition == .repeated ? .array(element(of: node)) : element(of: node)
    }

    /// The type of one value of a node, whatever its repetition.
    private static func element(of node: SchemaNode) -> DataType {
        if node.isLeaf { return LeafConversion.naturalType(of: node) }
        if let repeated = node.children.first, repeated.repetition == .repeated, node.children.count == 1 {
            switch node.annotation {
            case .list: return .array(listElement(of: repeated, in: node))
            case .map, .mapKeyValue:
                guard repeated.children.count == 2 else { break }
                return .map(key: type(of: repeated.children[0]), value: type(of: repeated.children[1]))
            default: break
            }
        }
        return .structure(node.children.map { Field($0.name.lowercased(), type(of: $0)) })
    }

    private static func listElement(of repeated: SchemaNode, in list: SchemaNode) -> DataType {
        let isElement =
            repeated.children.count != 1 || repeated.name == "array" || repeated.name == list.name + "_tuple"
        return isElement ? element(of: repeated) : type(of: repeated.children[0])
    }
}
