import HoneyCore

/// Finds what a column, or a part of one, is in a file, and the type it is decoded as.
struct FieldMatching {
    let writer: AvroSchema
    /// The table's own schema; without it, columns are found by their names in the file's.
    let reader: AvroSchema?

    /// Where a wanted field's values come from.
    struct Match {
        /// The field of the file's record; nil when it has none.
        var written: Int?
        /// The type of the reader's schema.
        var wanted: Int?
        /// What stands for a field that the file does not have.
        var missing = Value.null
    }

    /// Finds the field of a written record that a column or a struct's member of a name is.
    func match(_ name: String, _ type: DataType, written: [AvroField], wanted: [AvroField]?) -> Match {
        let name = name.lowercased()
        guard let reader, let wanted else {
            return Match(written: written.firstIndex { $0.name.lowercased() == name })
        }
        guard let field = wanted.first(where: { $0.name.lowercased() == name }) else { return Match() }
        let missing = field.defaultValue.map { reader.value(of: $0, type: field.type, as: type) } ?? .null
        return Match(written: SchemaResolution.field(field, among: written), wanted: field.type, missing: missing)
    }

    /// The type that values are decoded as on their way to `target`: that itself where it can be, else one that it can be
    /// made of. Fails with `UNSUPPORTED_FILE` where there is no way.
    func decodedType(_ written: Int, _ wanted: Int?, _ target: DataType, _ path: String) throws -> DataType {
        let wanted = try plainReader(wanted, path, target)
        let type = writer.types[written]
        if let reader, let wanted, !SchemaResolution(writer: writer, reader: reader).matches(written, wanted) {
            if reader.isNull(wanted) { return target }
            throw mismatch(type.title, reader.types[wanted].title, path)
        }
        switch (type.shape, target) {
        case (_, .union(let members)): return .union(try memberTypes(written, wanted, members, path))
        case (.union(let branches), _): return try unionType(branches, wanted, target, path)
        case (.null, _): return target
        case (.array(let element), .array(let item)):
            return .array(try decodedType(element, elementReader(wanted), item, path))
        case (.map(let value), .map(_, let item)):
            return .map(key: .string, value: try decodedType(value, elementReader(wanted), item, path))
        case (.record(let fields), .structure(let members)):
            let wantedFields = fieldsReader(wanted)
            return .structure(
                try members.map { member in
                    let match = match(member.name, member.type, written: fields, wanted: wantedFields)
                    guard let index = match.written else { return member }
                    return Field(
                        member.name,
                        try decodedType(fields[index].type, match.wanted, member.type, "\(path).\(member.name)"))
                })
        case (.array, _), (.map, _), (.record, _): throw mismatch(type.title, target.name, path)
        default:
            guard !target.isComplex else { throw mismatch(type.title, target.name, path) }
            let meaning = meaning(written, wanted)
            if DecodingNode.leaf(type.shape, meaning, to: target) != nil { return target }
            return AvroSchema.primitive(wanted.flatMap { reader?.types[$0].shape } ?? type.shape, meaning)
        }
    }

    /// The type of a union: the one that all branches that fit can be decoded as.
    private func unionType(_ branches: [Int], _ wanted: Int?, _ target: DataType, _ path: String) throws -> DataType {
        let others = branches.filter { !writer.isNull($0) && fits($0, wanted) }
        let types = try others.map { try decodedType($0, wanted, target, path) }
        guard let first = types.first else { return target }
        guard types.allSatisfy({ $0 == first }) else { throw FieldMatching.severalTypes("in an Avro file", path) }
        return first
    }

    /// The types of a union column's branches.
    private func memberTypes(
        _ written: Int, _ wanted: Int?, _ members: [DataType], _ path: String
    ) throws -> [DataType] {
        var types = members
        var isKnown = members.map { _ in false }
        for (position, branch) in branches(of: written).enumerated() {
            guard let (tag, inner) = member(branch, at: position, wanted, among: members.count) else { continue }
            let type = try decodedType(branch, inner, members[tag], path)
            guard !isKnown[tag] || types[tag] == type else { throw FieldMatching.severalTypes("in an Avro file", path) }
            types[tag] = type
            isKnown[tag] = true
        }
        return types
    }

    /// The branches of a written union that are not null, or the one type that a value has.
    func branches(of written: Int) -> [Int] {
        guard case .union(let branches) = writer.types[written].shape else {
            return writer.isNull(written) ? [] : [written]
        }
        return branches.filter { !writer.isNull($0) }
    }

    /// Which member of a union column a written type goes to, and its type in the reader's schema; nil for none.
    func member(_ written: Int, at position: Int, _ wanted: Int?, among count: Int) -> (tag: Int, wanted: Int?)? {
        guard let reader, let wanted else { return position < count ? (position, nil) : nil }
        guard case .union(let all) = reader.types[wanted].shape else {
            return fits(written, wanted) ? (0, wanted) : nil
        }
        let others = all.filter { !reader.isNull($0) }
        let resolution = SchemaResolution(writer: writer, reader: reader)
        guard let branch = resolution.branch(for: written, among: others), let tag = others.firstIndex(of: branch),
            tag < count
        else { return nil }
        return (tag, branch)
    }

    /// Tells whether values of a written type can be those of the reader's.
    func fits(_ written: Int, _ wanted: Int?) -> Bool {
        guard let reader, let wanted else { return true }
        return SchemaResolution(writer: writer, reader: reader).matches(written, wanted)
    }

    /// The reader's type without null; a union of several types stays one for a column that is a union.
    func plainReader(_ wanted: Int?, _ path: String, _ target: DataType) throws -> Int? {
        guard let reader, let wanted, case .union(let branches) = reader.types[wanted].shape else { return wanted }
        let others = branches.filter { !reader.isNull($0) }
        if others.count > 1 {
            guard case .union = target else { throw FieldMatching.severalTypes("in avro.schema.literal", path) }
            return wanted
        }
        return others.first ?? branches.first
    }

    /// The reader's type of an array's or a map's items.
    func elementReader(_ wanted: Int?) -> Int? {
        guard let reader, let wanted else { return nil }
        switch reader.types[wanted].shape {
        case .array(let element), .map(let element): return element
        default: return nil
        }
    }

    /// The fields of the reader's record.
    func fieldsReader(_ wanted: Int?) -> [AvroField]? {
        guard let reader, let wanted, case .record(let fields) = reader.types[wanted].shape else { return nil }
        return fields
    }

    /// What a value means: what its writer says, else what its reader does.
    func meaning(_ written: Int, _ wanted: Int?) -> AvroType.Meaning? {
        writer.types[written].meaning ?? wanted.flatMap { reader?.types[$0].meaning }
    }

    private static func severalTypes(_ place: String, _ path: String) -> HoneyError {
        HoneyError(
            .data, "UNSUPPORTED_FILE",
            "union of several types \(place) cannot be read as one (declare the column as a uniontype): \(path)")
    }

    private func mismatch(_ from: String, _ to: String, _ path: String) -> HoneyError {
        HoneyError(
            .data, "UNSUPPORTED_FILE",
            "Avro file has a field of another type than the table's: \(path) is \(from), not \(to)")
    }
}
