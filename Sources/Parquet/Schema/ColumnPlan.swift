import HoneyCore

/// How a column, or a part of one, is put together from the leaves of a file.
indirect enum ColumnPlan {
    /// The file has nothing of it: all null.
    case missing(DataType)
    case leaf(LeafPlan)
    /// `definitionLevel` is that of a struct that is there.
    case structure(DataType, definitionLevel: Int, levels: SchemaNode, [ColumnPlan])
    /// Of an array or, with two members, a map.
    case list(DataType, ListLevels, [ColumnPlan])
}

/// A leaf and the type that its values are read as.
struct LeafPlan {
    var node: SchemaNode
    var type: DataType
}

/// The levels of a list's own.
struct ListLevels {
    /// The definition level from which the list is there, though it may be empty.
    var defined: Int
    /// The definition level from which it has an element.
    var element: Int
    /// The repetition level of its second and later elements.
    var repetition: Int
    /// A leaf whose levels tell of the list.
    var leaf: SchemaNode
}

extension ColumnPlan {
    var type: DataType {
        switch self {
        case .missing(let type), .structure(let type, _, _, _), .list(let type, _, _): type
        case .leaf(let leaf): leaf.type
        }
    }

    /// Plans to read a node as a type; fails with `UNSUPPORTED_FILE` when their shapes differ.
    ///
    /// `isElement` tells that the node is a repeated one that stands for a list's element, so that its repetition is the list's.
    static func make(_ node: SchemaNode, as type: DataType, isElement: Bool = false) throws -> ColumnPlan {
        switch type {
        case .array(let element): try array(node, type, element, isElement: isElement)
        case .map(let key, let value): try map(node, type, key, value, isElement: isElement)
        case .structure(let fields):
            try structure(node, type, fields, isElement: isElement)
        default:
            if node.isLeaf && (isElement || node.repetition != .repeated) {
                .leaf(LeafPlan(node: node, type: type))
            } else {
                throw mismatch(node, type)
            }
        }
    }

    private static func structure(
        _ node: SchemaNode, _ type: DataType, _ fields: [Field], isElement: Bool
    ) throws -> ColumnPlan {
        guard !node.isLeaf, isElement || node.repetition != .repeated else { throw mismatch(node, type) }
        let children = try fields.map { field in
            try node.child(named: field.name).map { try make($0, as: field.type) } ?? .missing(field.type)
        }
        return .structure(type, definitionLevel: node.definitionLevel, levels: node.firstLeaf, children)
    }

    // MARK: Lists

    /// The layouts that writers have had for lists, where `x` is the column:
    ///
    /// ```
    /// group x (LIST) { repeated group list { element } }      the standard; Hive's inner names are bag, array_element
    /// group x (LIST) { repeated T x }                         the repeated leaf is the element
    /// group x (LIST) { repeated group x { a, b } }            so is the repeated group that has several members,
    /// group x (LIST) { repeated group array | x_tuple { a } } one of these names, or where a struct of `a` is asked for
    /// repeated T x                                            neither null nor told from an empty one
    /// ```
    private static func array(
        _ node: SchemaNode, _ type: DataType, _ element: DataType, isElement: Bool
    ) throws -> ColumnPlan {
        if node.repetition == .repeated && !isElement {
            return .list(type, levels(of: node, isBare: true), [try make(node, as: element, isElement: true)])
        }
        guard node.children.count == 1, let repeated = node.children.first, repeated.repetition == .repeated else {
            throw mismatch(node, type)
        }
        let member = isElementItself(repeated, of: node, as: element) ? nil : repeated.children.first
        let plan = try member.map { try make($0, as: element) } ?? make(repeated, as: element, isElement: true)
        return .list(type, levels(of: repeated, isBare: false), [plan])
    }

    private static func isElementItself(_ repeated: SchemaNode, of list: SchemaNode, as element: DataType) -> Bool {
        guard repeated.children.count == 1, let only = repeated.children.first else { return true }
        guard case .structure(let fields) = element else { return false }
        // Asked for a struct: a leaf is none, and a group is it when the names are its members'.
        if only.isLeaf || only.repetition == .repeated { return true }
        if repeated.name == "array" || repeated.name == list.name + "_tuple" {
            return fields.contains { $0.name.lowercased() == only.name.lowercased() }
        }
        return false
    }

    /// `group x (MAP) { repeated group { key; value } }`, whatever the names; or that repeated group alone.
    private static func map(
        _ node: SchemaNode, _ type: DataType, _ key: DataType, _ value: DataType, isElement: Bool
    ) throws -> ColumnPlan {
        let isBare = node.repetition == .repeated && !isElement
        let repeated = isBare ? node : node.children.first
        guard let repeated, repeated.repetition == .repeated, isBare || node.children.count == 1,
            (1...2).contains(repeated.children.count)
        else { throw mismatch(node, type) }
        let values = repeated.children.count == 2 ? try make(repeated.children[1], as: value) : .missing(value)
        return .list(
            type, levels(of: repeated, isBare: isBare), [try make(repeated.children[0], as: key), values])
    }

    private static func levels(of repeated: SchemaNode, isBare: Bool) -> ListLevels {
        // A bare repeated node is always there; inside a group, the group is what may be missing.
        ListLevels(
            defined: isBare ? 0 : repeated.definitionLevel - 1, element: repeated.definitionLevel,
            repetition: repeated.repetitionLevel, leaf: repeated.firstLeaf)
    }

    private static func mismatch(_ node: SchemaNode, _ type: DataType) -> HoneyError {
        HoneyError(
            .data, "UNSUPPORTED_FILE",
            "Parquet column has another shape than its table's (declare the column as the file has it): "
                + "\(node.name) as \(type.name)")
    }
}
