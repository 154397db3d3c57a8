import HoneyCore

/// Which types of a file may be read as which types of a reader's schema, by Avro's rules.
struct SchemaResolution {
    let writer: AvroSchema
    let reader: AvroSchema

    /// Tells whether values of one type can become those of another; of nested types only the kind and name are looked at.
    func matches(_ written: Int, _ wanted: Int) -> Bool {
        let from = writer.types[written]
        let to = reader.types[wanted]
        switch (from.shape, to.shape) {
        case (.union(let branches), _): return branches.contains { matches($0, wanted) }
        case (_, .union(let branches)): return branches.contains { matches(written, $0) }
        case (.null, .null), (.boolean, .boolean), (.int, .int), (.long, .long), (.float, .float), (.double, .double),
            (.bytes, .bytes), (.string, .string), (.array, .array), (.map, .map), (.record, .record),
            (.enumeration, .enumeration):
            return true
        case (.int, .long), (.int, .float), (.int, .double), (.long, .float), (.long, .double), (.float, .double),
            (.string, .bytes), (.bytes, .string):
            return true
        case (.fixed(let size), .fixed(let other)): return size == other
        default: return false
        }
    }

    /// Picks the branch of a reader's union that a written type is read as: one of the same kind and name before one that
    /// it can be promoted to.
    func branch(for written: Int, among branches: [Int]) -> Int? {
        branches.first { isSame(written, $0) } ?? branches.first { matches(written, $0) }
    }

    private func isSame(_ written: Int, _ wanted: Int) -> Bool {
        let from = writer.types[written]
        let to = reader.types[wanted]
        guard from.title == to.title else { return false }
        guard let name = from.name, let other = to.name else { return true }
        return name == other || to.aliases.contains(name)
            || name.split(separator: ".").last == other.split(separator: ".").last
    }

    /// Finds the field of a written record that a reader's field is: of its name, else of one of its aliases.
    static func field(_ wanted: AvroField, among fields: [AvroField]) -> Int? {
        for name in [wanted.name] + wanted.aliases {
            if let index = fields.firstIndex(where: { $0.name == name }) { return index }
        }
        return nil
    }
}
