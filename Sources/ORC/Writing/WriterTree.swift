import HoneyCatalog
import HoneyCore

/// Makes the writers of a file's columns, and the schema they make.
struct WriterTree {
    private let setting: ColumnWriter.Setting
    /// The types of the columns numbered so far.
    private(set) var types: [ORCType] = []

    init(_ setting: ColumnWriter.Setting) { self.setting = setting }

    /// Makes the writer of rows of a table's columns; fails with `UNSUPPORTED_TYPE`.
    mutating func root(_ columns: [TableColumn]) throws -> StructWriter {
        var message = ORCType()
        message.kind = .struct
        message.fieldNames = columns.map(\.name)
        types.append(message)
        let members = try columns.map { column in
            types[0].subtypes.append(UInt32(types.count))
            return try writer(
                column.type, hasBloom: setting.options.bloomColumns.contains(column.name.lowercased()))
        }
        let type = DataType.structure(columns.map { Field($0.name, $0.type) })
        return StructWriter(0, type: type, members: members, setting: setting)
    }

    private mutating func writer(_ type: DataType, hasBloom: Bool = false) throws -> ColumnWriter {
        let column = types.count
        types.append(try WriterTree.message(type))
        switch type {
        case .boolean: return BooleanWriter(column, type: type, hasBloom: false, setting: setting)
        case .tinyint: return ByteWriter(column, type: type, hasBloom: hasBloom, setting: setting)
        case .smallint, .int, .bigint, .date:
            return IntegerWriter(column, type: type, hasBloom: hasBloom, setting: setting)
        case .float, .double: return RealWriter(column, type: type, hasBloom: hasBloom, setting: setting)
        case .string, .varchar, .char, .binary:
            return StringWriter(column, type: type, hasBloom: hasBloom, setting: setting)
        case .decimal: return DecimalWriter(column, type: type, hasBloom: hasBloom, setting: setting)
        case .timestamp: return TimestampWriter(column, type: type, hasBloom: hasBloom, setting: setting)
        case .array(let element): return try list(column, type, [element])
        case .map(let key, let value): return try list(column, type, [key, value])
        case .structure(let fields):
            let members = try fields.map { field in
                types[column].subtypes.append(UInt32(types.count))
                return try writer(field.type)
            }
            return StructWriter(column, type: type, members: members, setting: setting)
        case .union(let branches):
            let writers = try branches.map { branch in
                types[column].subtypes.append(UInt32(types.count))
                return try writer(branch)
            }
            return UnionWriter(column, type: type, branches: writers, setting: setting)
        default: throw WriterTree.unsupported(type)
        }
    }

    private mutating func list(_ column: Int, _ type: DataType, _ elements: [DataType]) throws -> ColumnWriter {
        let writers = try elements.map { element in
            types[column].subtypes.append(UInt32(types.count))
            return try writer(element)
        }
        return ListWriter(column, type: type, elements: writers, setting: setting)
    }

    private static func message(_ type: DataType) throws -> ORCType {
        var message = ORCType()
        switch type {
        case .boolean: message.kind = .boolean
        case .tinyint: message.kind = .byte
        case .smallint: message.kind = .short
        case .int: message.kind = .int
        case .bigint: message.kind = .long
        case .float: message.kind = .float
        case .double: message.kind = .double
        case .string: message.kind = .string
        case .binary: message.kind = .binary
        case .date: message.kind = .date
        case .timestamp: message.kind = .timestamp
        case .varchar(let length):
            message.kind = .varchar
            message.maximumLength = UInt32(length)
        case .char(let length):
            message.kind = .char
            message.maximumLength = UInt32(length)
        case .decimal(let precision, let scale):
            message.kind = .decimal
            message.precision = UInt32(precision)
            message.scale = UInt32(scale)
        case .array: message.kind = .list
        case .map: message.kind = .map
        case .structure(let fields):
            message.kind = .struct
            message.fieldNames = fields.map(\.name)
        case .union: message.kind = .union
        default: throw unsupported(type)
        }
        return message
    }

    private static func unsupported(_ type: DataType) -> HoneyError {
        HoneyError(.semantic, "UNSUPPORTED_TYPE", "ORC files hold no values of this type: \(type)")
    }
}
