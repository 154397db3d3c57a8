import HoneyCore
import HoneyStorage

/// A node of a file's schema, with the levels that its values have.
final class SchemaNode {
    let name: String
    let repetition: Repetition
    let annotation: Annotation
    /// Nil for groups.
    let type: StoredType?
    let typeLength: Int
    let children: [SchemaNode]
    /// The definition level of a value that is there; of a repeated node, of one that has an element.
    let definitionLevel: Int
    /// The repetition level of a further element of the innermost repeated node at or above this one.
    let repetitionLevel: Int
    /// Which of a row group's chunks a leaf is; of a group, its first leaf's.
    let leafIndex: Int

    private init(
        _ element: SchemaElement, children: [SchemaNode], definitionLevel: Int, repetitionLevel: Int, leafIndex: Int
    ) {
        name = element.name
        repetition = element.repetition
        annotation = element.annotation
        type = element.type
        typeLength = element.typeLength
        self.children = children
        self.definitionLevel = definitionLevel
        self.repetitionLevel = repetitionLevel
        self.leafIndex = leafIndex
    }

    var isLeaf: Bool { type != nil }

    /// The first leaf at or below this node.
    var firstLeaf: SchemaNode { isLeaf ? self : children[0].firstLeaf }

    /// More nesting than this is refused: levels are held in bytes.
    private static let maximumDepth = 100

    /// Builds the tree and returns the columns; fails with `FILE_DAMAGED` when the list is no tree.
    static func columns(of elements: [SchemaElement]) throws -> [SchemaNode] {
        guard let root = elements.first, root.type == nil else {
            throw HoneyError.damaged("Parquet schema has no root")
        }
        var next = 1
        var leaves = 0
        let columns = try children(
            of: root, in: elements, next: &next, leaves: &leaves, definition: 0, repetition: 0, depth: 0)
        guard next == elements.count else {
            throw HoneyError.damaged("Parquet schema has elements outside of its root")
        }
        return columns
    }

    private static func children(
        of parent: SchemaElement, in elements: [SchemaElement], next: inout Int, leaves: inout Int, definition: Int,
        repetition: Int, depth: Int
    ) throws -> [SchemaNode] {
        guard depth < maximumDepth else { throw HoneyError.damaged("Parquet schema is nested too deeply") }
        var nodes: [SchemaNode] = []
        for _ in 0..<parent.childCount {
            guard next < elements.count else { throw HoneyError.damaged("Parquet schema is cut short") }
            let element = elements[next]
            next += 1
            let definition = definition + (element.repetition == .required ? 0 : 1)
            let repetition = repetition + (element.repetition == .repeated ? 1 : 0)
            let firstLeaf = leaves
            var inner: [SchemaNode] = []
            if element.type == nil {
                inner = try children(
                    of: element, in: elements, next: &next, leaves: &leaves, definition: definition,
                    repetition: repetition, depth: depth + 1)
                // A group of nothing has no values and cannot be told from a missing one.
                if inner.isEmpty { continue }
            } else {
                leaves += 1
            }
            nodes.append(
                SchemaNode(
                    element, children: inner, definitionLevel: definition, repetitionLevel: repetition,
                    leafIndex: firstLeaf))
        }
        return nodes
    }
}

extension SchemaNode {
    /// Finds a child by name without regard to case.
    func child(named name: String) -> SchemaNode? {
        let lower = name.lowercased()
        return children.first { $0.name.lowercased() == lower }
    }
}
