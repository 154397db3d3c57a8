import HoneyCatalog
import HoneyCore

/// How rows become records of a schema; made once for each file.
struct EncodingPlan {
    private let schema: AvroSchema
    private(set) var nodes: [EncodingNode] = []
    /// The nodes of a record's fields, and the column each comes from; nil for a field without one, which is null.
    private(set) var row: Range<Int> = 0..<0
    private(set) var sources: [Int?] = []
    /// The symbols of each enumeration and their numbers.
    private(set) var symbols: [[String: Int64]] = []
    /// For each nested node: the column's children that its own nodes are bound to.
    private(set) var children: [Int: [Int]] = [:]

    /// Lays out the plan; fails with `UNSUPPORTED_TYPE` where a column's values are not those of the schema.
    init(_ columns: [TableColumn], _ schema: AvroSchema) throws {
        self.schema = schema
        let fields = try schema.rowFields()
        let names = columns.map { $0.name.lowercased() }
        for column in columns where !fields.contains(where: { $0.name.lowercased() == column.name.lowercased() }) {
            throw HoneyError(
                .semantic, "UNSUPPORTED_TYPE", "avro.schema.literal has no field for this column: \(column.name)")
        }
        var steps: [EncodingNode] = []
        var parts: [[Int]] = []
        for field in fields {
            let source = names.firstIndex(of: field.name.lowercased())
            sources.append(source)
            let type = source.map { columns[$0].type } ?? .void
            let (step, inner) = try node(field.type, type, field.name)
            steps.append(step)
            parts.append(inner)
        }
        row = add(steps, parts)
    }

    private mutating func add(_ steps: [EncodingNode], _ parts: [[Int]]) -> Range<Int> {
        let start = nodes.count
        nodes += steps
        for (index, part) in parts.enumerated() where !part.isEmpty { children[start + index] = part }
        return start..<nodes.count
    }

    /// Makes the node of a value, and tells which of its column's children its own nodes belong to.
    private mutating func node(_ index: Int, _ type: DataType, _ path: String) throws -> (EncodingNode, [Int]) {
        if case .union(let branches) = schema.types[index].shape {
            let others = branches.indices.filter { !schema.isNull(branches[$0]) }
            if case .union(let members) = type { return try unionNode(branches, others, members, type, path) }
            guard others.count <= 1, branches.count <= 2 else {
                throw mismatch(type, "a union of several types", path)
            }
            guard let branch = others.first, type != .void else {
                guard let null = branches.firstIndex(where: { schema.isNull($0) }) else {
                    throw mismatch(type, "not null", path)
                }
                var step = EncodingNode(.null)
                step.nullBranch = Int8(null)
                return (step, [])
            }
            var (step, parts) = try node(branches[branch], type, path)
            step.valueBranch = Int8(branch)
            step.nullBranch = branches.firstIndex { schema.isNull($0) }.map { Int8($0) } ?? -1
            return (step, parts)
        }
        return try plainNode(index, type, path)
    }

    /// Makes the node of a union column; the branches of the schema but null are its own, in order.
    private mutating func unionNode(
        _ branches: [Int], _ others: [Int], _ members: [DataType], _ type: DataType, _ path: String
    ) throws -> (EncodingNode, [Int]) {
        guard others.count == members.count, branches.count - others.count <= 1 else {
            throw mismatch(type, "a union of \(others.count) types", path)
        }
        var steps = [EncodingNode(.tinyint)]
        var parts: [[Int]] = [[]]
        for (branch, member) in zip(others, members) {
            let (step, inner) = try node(branches[branch], member, path)
            steps.append(step)
            parts.append(inner)
        }
        var step = container(.union, add(steps, parts))
        step.nullBranch = branches.firstIndex { schema.isNull($0) }.map { Int8($0) } ?? -1
        return (step, Array(0...members.count))
    }

    private mutating func plainNode(_ index: Int, _ type: DataType, _ path: String) throws -> (EncodingNode, [Int]) {
        switch (schema.types[index].shape, type) {
        case (.array(let element), .array(let item)):
            let (step, parts) = try node(element, item, path)
            return (container(.array, add([step], [parts])), [0])
        case (.map(let value), .map(let key, let item)):
            guard key.isText else { throw mismatch(type, "a map, whose keys are strings", path) }
            let (step, parts) = try node(value, item, path)
            let keys = EncodingNode(.bytes)
            return (container(.map, add([keys, step], [[], parts])), [0, 1])
        case (.record(let fields), .structure(let members)):
            var steps: [EncodingNode] = []
            var parts: [[Int]] = []
            var order: [Int] = []
            for field in fields {
                guard let member = members.firstIndex(where: { $0.name.lowercased() == field.name.lowercased() })
                else { throw mismatch(type, "a record with the field \(field.name)", path) }
                let (step, part) = try node(field.type, members[member].type, "\(path).\(field.name)")
                steps.append(step)
                parts.append(part)
                order.append(member)
            }
            return (container(.structure, add(steps, parts)), order)
        case (.enumeration(let names, _), .string):
            var step = EncodingNode(.enumeration)
            step.first = Int32(symbols.count)
            symbols.append(Dictionary(names.enumerated().map { ($1, Int64($0)) }) { first, _ in first })
            return (step, [])
        default:
            guard let step = leaf(schema.types[index], type) else {
                throw mismatch(type, schema.types[index].title, path)
            }
            return (step, [])
        }
    }

    private func container(_ kind: EncodingNode.Kind, _ parts: Range<Int>) -> EncodingNode {
        var step = EncodingNode(kind)
        step.first = Int32(parts.lowerBound)
        step.count = Int32(parts.count)
        return step
    }

    private func leaf(_ written: AvroType, _ type: DataType) -> EncodingNode? {
        switch (written.shape, type) {
        case (.null, .void): return EncodingNode(.null)
        case (.boolean, .boolean): return EncodingNode(.boolean)
        case (.int, .tinyint), (.long, .tinyint): return EncodingNode(.tinyint)
        case (.int, .smallint), (.long, .smallint): return EncodingNode(.smallint)
        case (.int, .int), (.long, .int): return EncodingNode(.int)
        case (.long, .bigint): return EncodingNode(.bigint)
        case (.int, .date), (.long, .date): return EncodingNode(.date)
        case (.long, .timestamp):
            guard case .timestamp(let unit) = written.meaning else { return EncodingNode(.timestamp, size: 1_000_000) }
            return EncodingNode(.timestamp, size: unit)
        case (.float, .float): return EncodingNode(.float)
        case (.double, .float): return EncodingNode(.floatToDouble)
        case (.double, .double): return EncodingNode(.double)
        case (.string, .string), (.string, .varchar), (.bytes, .binary), (.bytes, .string), (.bytes, .varchar),
            (.string, .binary):
            return written.meaning.map { if case .decimal = $0 { true } else { false } } == true
                ? nil : EncodingNode(.bytes)
        case (.string, .char): return EncodingNode(.paddedText)
        case (.fixed(let size), .binary): return EncodingNode(.fixed, size: size)
        case (.bytes, .decimal): return decimal(written, type, size: -1)
        case (.fixed(let size), .decimal): return decimal(written, type, size: size)
        default: return nil
        }
    }

    private func decimal(_ written: AvroType, _ type: DataType, size: Int) -> EncodingNode? {
        guard case .decimal(let precision, let scale) = written.meaning, case .decimal(_, let own) = type else {
            return nil
        }
        var step = EncodingNode(type.physical == .int64 ? .narrowDecimal : .wideDecimal, size: size)
        step.fromScale = Int32(own)
        step.toScale = Int32(scale)
        step.precision = Int32(precision)
        return step
    }

    private func mismatch(_ type: DataType, _ expected: String, _ path: String) -> HoneyError {
        HoneyError(
            .semantic, "UNSUPPORTED_TYPE",
            "column cannot be written as its field in avro.schema.literal, \(expected): \(path) \(type)")
    }
}
