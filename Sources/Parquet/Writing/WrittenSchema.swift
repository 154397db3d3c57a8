import HoneyCatalog
import HoneyCore

/// The schema of a new file, as Hive makes it of a table's columns; everything is optional but map keys.
///
/// ```
/// array<T>   optional group x (LIST) { repeated group bag { optional T array_element } }
/// map<K, V>  optional group x (MAP) { repeated group map (MAP_KEY_VALUE) { required K key; optional V value } }
/// struct     optional group x { the members }
/// ```
struct WrittenSchema {
    private(set) var elements: [SchemaElement] = []
    private(set) var leaves: [WrittenLeaf] = []
    private let options: WriterOptions

    /// Fails with `UNSUPPORTED_TYPE` on types that Parquet does not hold.
    init(_ columns: [TableColumn], _ options: WriterOptions) throws {
        self.options = options
        var root = SchemaElement(FileMetadata.hiveRoot)
        root.isRoot = true
        root.childCount = columns.count
        elements.append(root)
        for column in columns {
            try add(column.type, [column.name], definition: 0, repetition: 0, isRequired: false)
        }
    }

    private mutating func add(
        _ type: DataType, _ path: [String], definition: Int, repetition: Int, isRequired: Bool
    ) throws {
        var element = SchemaElement(path.last ?? "")
        element.repetition = isRequired ? .required : .optional
        let definition = definition + (isRequired ? 0 : 1)
        switch type {
        case .array(let member):
            element.annotation = .list
            element.childCount = 1
            elements.append(element)
            addRepeated("bag", .none, members: 1)
            try add(
                member, path + ["bag", "array_element"], definition: definition + 1, repetition: repetition + 1,
                isRequired: false)
        case .map(let key, let value):
            element.annotation = .map
            element.childCount = 1
            elements.append(element)
            addRepeated("map", .mapKeyValue, members: 2)
            for (name, member) in [("key", key), ("value", value)] {
                try add(
                    member, path + ["map", name], definition: definition + 1, repetition: repetition + 1,
                    isRequired: name == "key")
            }
        case .structure(let fields):
            element.childCount = fields.count
            elements.append(element)
            for field in fields {
                try add(
                    field.type, path + [field.name], definition: definition, repetition: repetition, isRequired: false)
            }
        default:
            let form = try form(of: type, &element)
            elements.append(element)
            leaves.append(
                WrittenLeaf(
                    path: path, type: element.type ?? .byteArray, form: form, definitionLevel: definition,
                    repetitionLevel: repetition))
        }
    }

    private mutating func addRepeated(_ name: String, _ annotation: Annotation, members: Int) {
        var element = SchemaElement(name)
        element.repetition = .repeated
        element.annotation = annotation
        element.childCount = members
        elements.append(element)
    }

    /// Sets the element's storage and returns how its values are held.
    private func form(of type: DataType, _ element: inout SchemaElement) throws -> LeafForm {
        switch type {
        case .boolean: element.type = .boolean
        case .tinyint, .smallint, .int, .date: element.type = .int32
        case .bigint: element.type = .int64
        case .float: element.type = .float
        case .double: element.type = .double
        case .timestamp: element.type = options.timestampUnit == nil ? .int96 : .int64
        case .string, .varchar, .char, .binary: element.type = .byteArray
        case .decimal: return decimalForm(type, &element)
        default:
            throw HoneyError(
                .semantic, "UNSUPPORTED_TYPE", "Parquet does not hold columns of this type: \(type.name)")
        }
        switch type {
        case .tinyint: element.annotation = .integer(bits: 8, isSigned: true)
        case .smallint: element.annotation = .integer(bits: 16, isSigned: true)
        case .date: element.annotation = .date
        case .timestamp: element.annotation = options.timestampUnit.map { .timestamp($0) } ?? .none
        case .string, .varchar, .char: element.annotation = .string
        default: break
        }
        switch type {
        case .boolean: return .booleans
        case .date: return .dates(isHybrid: options.hasHybridDates)
        case .bigint: return .int64
        case .float: return .float
        case .double: return .double
        case .timestamp:
            return options.timestampUnit.map { .moments(nanoseconds: $0.nanoseconds) }
                ?? .int96(isHybrid: options.hasHybridDates)
        case .char: return .paddedStrings
        case .string, .varchar, .binary: return .strings
        default: return .int32
        }
    }

    private func decimalForm(_ type: DataType, _ element: inout SchemaElement) -> LeafForm {
        guard case .decimal(let precision, let scale) = type else { return .int64 }
        element.annotation = .decimal(precision: precision, scale: scale)
        if options.storesDecimalsAsIntegers && precision <= 18 {
            element.type = precision <= 9 ? .int32 : .int64
            return precision <= 9 ? .shortDecimalAsInt32 : .shortDecimalAsInt64
        }
        element.type = .fixedLengthByteArray
        element.typeLength = WrittenSchema.byteCount(ofDigits: precision)
        return precision <= DataType.maximumShortDecimalPrecision
            ? .shortDecimal(byteCount: element.typeLength) : .longDecimal(byteCount: element.typeLength)
    }

    /// The fewest bytes that hold every number of so many digits, with its sign.
    static func byteCount(ofDigits digits: Int) -> Int {
        let most = DecimalMath.powerOfTen(digits) - 1
        return (128 - most.leadingZeroBitCount + 1 + 7) / 8
    }
}
